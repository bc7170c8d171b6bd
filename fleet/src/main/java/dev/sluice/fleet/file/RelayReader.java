package dev.sluice.fleet.file;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.relay.RelaySettings;
import dev.sluice.spec.OptionSpec;
import dev.sluice.spec.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Understands the addresses and options of a definition, as the command line would. Thread-safe.
 */
public final class RelayReader {
  private static final Option<?> KEEPALIVE = row("keepalive");
  private static final Option<?> CONNECT_TIMEOUT = row("connect-timeout");

  private final Catalog catalog;
  private final RelayOptions options;

  public RelayReader(Catalog catalog, RelayOptions options) {
    this.catalog = catalog;
    this.options = options;
  }

  /** A relay that was understood. */
  public record Understood(AddressPair left, AddressPair right, RelaySettings settings) {}

  /**
   * Understands a definition; null when something is wrong with it.
   *
   * @param problem told each thing that is wrong, without any secret's value
   */
  public @Nullable Understood read(
      RelayDefinition definition, Secrets secrets, Consumer<String> problem) {
    Consumer<String> hidden = text -> problem.accept(secrets.hide(text));
    RelayOptions.Said said = options.read(definition.options(), hidden);
    boolean checkGroups = said == null || said.checkGroups();
    AddressPair left = address(definition.left(), secrets, checkGroups, "left", hidden);
    AddressPair right = address(definition.right(), secrets, checkGroups, "right", hidden);
    if (left == null || right == null || said == null) {
      return null;
    }
    Problems together = new Problems();
    if (!left.goesWith(right, together)) {
      together.messages().forEach(hidden);
      return null;
    }
    return new Understood(
        withDefaults(left, definition, false),
        withDefaults(right, definition, true),
        said.settings());
  }

  private @Nullable AddressPair address(
      String text, Secrets secrets, boolean checkGroups, String side, Consumer<String> problem) {
    Problems problems = new Problems();
    AddressPair read = catalog.read(secrets.reveal(text), checkGroups, problems);
    problems.messages().forEach(message -> problem.accept(side + " \"" + text + "\": " + message));
    return read;
  }

  /** What a fleet adds to addresses over TCP that don't say otherwise. */
  private static AddressPair withDefaults(
      AddressPair pair, RelayDefinition definition, boolean connects) {
    Address second = pair.second();
    return new AddressPair(
        withDefaults(pair.first(), definition, connects),
        second == null ? null : withDefaults(second, definition, connects));
  }

  private static Address withDefaults(
      Address address, RelayDefinition definition, boolean connects) {
    if (!address.type().descriptor().groups().contains(OptionGroup.TCP)) {
      return address;
    }
    List<OptionValue<?>> values = new ArrayList<>(address.options().inOrder());
    if (definition.keepalive()) {
      add(values, address, KEEPALIVE, null);
    }
    if (connects && definition.connectTimeout().isPresent()) {
      add(values, address, CONNECT_TIMEOUT, seconds(definition.connectTimeout().get()));
    }
    return values.size() == address.options().inOrder().size()
        ? address
        : new Address(address.type(), address.spec(), new Options(values));
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "." + String.format("%09d", time.toNanosPart());
  }

  private static void add(
      List<OptionValue<?>> values, Address address, Option<?> option, @Nullable String value) {
    if (!address.options().has(option)) {
      values.add(value(option, value));
    }
  }

  private static <T> OptionValue<T> value(Option<T> option, @Nullable String value) {
    OptionSpec spec = new OptionSpec(option.name(), value, "");
    return new OptionValue<>(option, option.type().read(option, spec), spec.text());
  }

  private static Option<?> row(String name) {
    return Objects.requireNonNull(OptionTable.find(name), name);
  }
}
