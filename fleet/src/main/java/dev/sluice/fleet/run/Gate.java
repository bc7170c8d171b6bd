package dev.sluice.fleet.run;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Opened;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.option.Options;
import dev.sluice.spec.AddressSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * Asked before each session of a relay that only one node of a cluster may run. A node that was
 * paused may have lost its relays meanwhile, and its threads go on in any order: so the session
 * asks itself. Thread-safe.
 */
final class Gate {
  private volatile BooleanSupplier open = () -> true;

  void set(BooleanSupplier isOpen) {
    open = isOpen;
  }

  /** Whether a session of this relay may begin. */
  boolean admits(RelayDefinition relay) {
    return relay.placement().kind() != Placement.Kind.ONE || open.getAsBoolean();
  }

  /** Where a session goes that may not begin. */
  static AddressPair refusal() {
    return Refusal.PAIR;
  }

  private static final class Refusal implements AddressType {
    static final AddressPair PAIR =
        new AddressPair(
            new Address(
                new Refusal(),
                new AddressSpec("ELSEWHERE", "ELSEWHERE", List.of(), List.of()),
                new Options(List.of())),
            null);

    @Override
    public AddressDescriptor descriptor() {
      return AddressDescriptor.named("ELSEWHERE")
          .documented("refuses", "Stands for a relay that another node may run.", "ELSEWHERE");
    }

    @Override
    public CompletionStage<Opened> open(OpenContext context) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting("this node is not sure to own the relay, so it takes no session"));
    }
  }
}
