package dev.sluice.connector.kit;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import dev.sluice.spec.AddressSpec;
import dev.sluice.spec.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The address that a connector speaks its protocol over: TCP or TLS with the options that were
 * given to the connector's own address, or any other that its user names.
 */
public final class Beneath {
  private static final class Addresses {
    static final Catalog CATALOG = Catalog.load();
  }

  private Beneath() {}

  /**
   * Opens an address of that keyword in both directions, with those options of the connector's
   * address that fit it.
   */
  public static CompletionStage<? extends Opened> open(
      OpenContext context, String keyword, String... parameters) {
    AddressType type = Objects.requireNonNull(Addresses.CATALOG.find(keyword), keyword);
    List<OptionValue<?>> passed = new ArrayList<>();
    for (OptionValue<?> value : context.options().inOrder()) {
      if (isPassedOn(value, type)) {
        passed.add(value);
      }
    }
    AddressSpec spec =
        new AddressSpec(context.address().spec().text(), keyword, List.of(parameters), List.of());
    return context.others().open(new Address(type, spec, new Options(passed)), Direction.BOTH);
  }

  /** What is done to the data, and the lock file, are for the connector's own address alone. */
  private static boolean isPassedOn(OptionValue<?> value, AddressType type) {
    List<OptionGroup> groups = value.option().groups();
    boolean everybodys =
        groups.stream()
            .anyMatch(group -> group.isUniversal() && !group.equals(OptionGroup.PROCESS));
    return !everybodys && value.option().fits(type.descriptor().groups());
  }

  /** Opens what the user named, in both directions; option fork is the connector's own to give. */
  public static CompletionStage<? extends Opened> open(OpenContext context, String address) {
    Problems problems = new Problems();
    AddressPair side = Addresses.CATALOG.read(address, true, problems);
    if (side == null || side.second() != null || !side.standsAlone(problems)) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting(
              "option over: "
                  + (problems.messages().isEmpty()
                      ? "a dual address is no connection"
                      : String.join("; ", problems.messages()))));
    }
    Address named = side.first();
    if (!context.options().isOn(RelayOptions.FORK)) {
      return context.others().open(named, Direction.BOTH);
    }
    List<OptionValue<?>> all = new ArrayList<>(named.options().inOrder());
    all.add(Objects.requireNonNull(context.options().occurrence(RelayOptions.FORK)));
    return context
        .others()
        .open(new Address(named.type(), named.spec(), new Options(all)), Direction.BOTH);
  }
}
