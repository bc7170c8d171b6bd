package dev.sluice.option;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * One row of the option tables.
 *
 * <p>Built in a table class such as {@code SocketOptions}, then never changed:
 *
 * <pre>{@code
 * static final Option<Integer> SO_KEEPALIVE =
 *     row("so-keepalive", INT, Phase.FD, SOCKET).aka("keepalive").does(socketOption(SOL_SOCKET, 9)).help("…").from("socket(7)");
 * }</pre>
 *
 * @param <T> type of the value
 */
public final class Option<T> {
  private final String name;
  private final OptionType<T> type;
  private final Phase phase;
  private final List<OptionGroup> groups;
  private List<String> aliases = List.of();
  private Effect effect = new Effect.Setting();
  private String help = "";
  private String source = "";

  private Option(String name, OptionType<T> type, Phase phase, List<OptionGroup> groups) {
    this.name = name;
    this.type = type;
    this.phase = phase;
    this.groups = groups;
  }

  /** Starts a row. */
  public static <T> Option<T> row(
      String name, OptionType<T> type, Phase phase, OptionGroup first, OptionGroup... more) {
    return new Option<>(name, type, phase, sorted(first, more));
  }

  private static List<OptionGroup> sorted(OptionGroup first, OptionGroup... more) {
    if (more.length == 0) {
      return List.of(first);
    }
    OptionGroup[] all = Arrays.copyOf(more, more.length + 1);
    all[more.length] = first;
    Arrays.sort(all);
    return List.of(all);
  }

  /** Adds other names. */
  public Option<T> aka(String... names) {
    List<String> all = new ArrayList<>(aliases);
    all.addAll(List.of(names));
    aliases = List.copyOf(all);
    return this;
  }

  /** Sets what it does; without this the row is a {@link Effect.Setting}. */
  public Option<T> does(Effect newEffect) {
    effect = newEffect;
    return this;
  }

  /** One line for help and reference. */
  public Option<T> help(String text) {
    help = text;
    return this;
  }

  /** Where it is specified, such as {@code tcp(7)} or an RFC. */
  public Option<T> from(String where) {
    source = where;
    return this;
  }

  /** Enters the row into its family's table. */
  public Option<T> in(Collection<Option<?>> table) {
    table.add(this);
    return this;
  }

  /** The canonical name. */
  public String name() {
    return name;
  }

  public List<String> aliases() {
    return aliases;
  }

  public OptionType<T> type() {
    return type;
  }

  public Phase phase() {
    return phase;
  }

  /** The groups that it is of, in order. */
  public List<OptionGroup> groups() {
    return groups;
  }

  public Effect effect() {
    return effect;
  }

  public String help() {
    return help;
  }

  public String source() {
    return source;
  }

  /** Whether that is its name or an alias of it, in any case. */
  public boolean isCalled(String other) {
    return name.equalsIgnoreCase(other) || aliases.stream().anyMatch(other::equalsIgnoreCase);
  }

  /** Whether an address made of {@code those} takes this option. */
  public boolean fits(Collection<OptionGroup> those) {
    for (OptionGroup group : groups) {
      if (group.isUniversal() || those.contains(group)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
