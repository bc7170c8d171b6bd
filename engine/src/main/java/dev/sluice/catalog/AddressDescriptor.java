package dev.sluice.catalog;

import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be known about an address type without opening it.
 *
 * <p>Built once, with {@link #named} and the setters, which return the descriptor itself.
 */
public final class AddressDescriptor {
  private final String keyword;
  private List<String> aliases = List.of();
  private List<Parameter> parameters = List.of();
  private Direction direction = Direction.BOTH;
  private List<OptionGroup> groups = List.of(OptionGroup.FD);
  private List<Option<?>> ownOptions = List.of();
  private Boundary boundary = Boundary.STREAM;
  private boolean usageInErrors = true;
  private boolean rangeInErrors;
  private boolean peersChoose;
  private boolean isChosen;
  private @Nullable String unavailable;
  private String summary = "";
  private String description = "";
  private String example = "";

  private AddressDescriptor(String keyword) {
    this.keyword = keyword;
  }

  /** Starts the descriptor of a canonical keyword, in capitals. */
  public static AddressDescriptor named(String keyword) {
    return new AddressDescriptor(keyword);
  }

  public AddressDescriptor aka(String... names) {
    aliases = List.of(names);
    return this;
  }

  public AddressDescriptor takes(Parameter... newParameters) {
    parameters = List.of(newParameters);
    return this;
  }

  public AddressDescriptor goes(Direction newDirection) {
    direction = newDirection;
    return this;
  }

  public AddressDescriptor groups(OptionGroup first, OptionGroup... more) {
    groups = Stream.concat(Stream.of(first), Arrays.stream(more)).sorted().toList();
    return this;
  }

  /**
   * Adds options that only this type has; their group must be one of its groups. Their names hide
   * other options of the same name.
   */
  public AddressDescriptor brings(Collection<Option<?>> rows) {
    for (Option<?> row : rows) {
      if (!row.fits(groups)) {
        throw new IllegalArgumentException(keyword + " is not of a group of its option " + row);
      }
    }
    ownOptions = List.copyOf(rows);
    return this;
  }

  public AddressDescriptor keeps(Boundary newBoundary) {
    boundary = newBoundary;
    return this;
  }

  /** Messages about wrong parameters leave the usage out. */
  public AddressDescriptor withoutUsage() {
    usageInErrors = false;
    return this;
  }

  /**
   * Messages about wrong parameters name the least and the largest number, and leave the keyword
   * out of the usage.
   */
  public AddressDescriptor withRangeInErrors() {
    rangeInErrors = true;
    return this;
  }

  /**
   * Its peers choose the target, as with a SOCKS server; the right address must be {@link #chosen}.
   */
  public AddressDescriptor whosePeersChoose() {
    peersChoose = true;
    return this;
  }

  /** It stands for the target that the left address's peer has chosen. */
  public AddressDescriptor chosen() {
    isChosen = true;
    return this;
  }

  /** This system lacks something it needs; {@code reason} says what. */
  public AddressDescriptor unavailable(@Nullable String reason) {
    unavailable = reason;
    return this;
  }

  /** One line, a paragraph, and an address that parses. */
  public AddressDescriptor documented(String newSummary, String newDescription, String newExample) {
    summary = newSummary;
    description = newDescription;
    example = newExample;
    return this;
  }

  public String keyword() {
    return keyword;
  }

  public List<String> aliases() {
    return aliases;
  }

  public List<Parameter> parameters() {
    return parameters;
  }

  public Direction direction() {
    return direction;
  }

  /** What it is made of, in order. */
  public List<OptionGroup> groups() {
    return groups;
  }

  /** The options that it brings. */
  public List<Option<?>> ownOptions() {
    return ownOptions;
  }

  /** The option of that name or alias that it brings, in any case; null when it brings none. */
  @Nullable Option<?> ownOption(String name) {
    for (Option<?> option : ownOptions) {
      if (option.isCalled(name)) {
        return option;
      }
    }
    return null;
  }

  public Boundary boundary() {
    return boundary;
  }

  /** Whether one address can carry many sessions, with option fork. */
  public boolean forks() {
    return groups.contains(OptionGroup.CHILD);
  }

  /** What this system lacks to open it; null if nothing. */
  public @Nullable String unavailableBecause() {
    return unavailable;
  }

  boolean peersChoose() {
    return peersChoose;
  }

  boolean isChosen() {
    return isChosen;
  }

  public String summary() {
    return summary;
  }

  public String description() {
    return description;
  }

  public String example() {
    return example;
  }

  /** What follows the keyword, such as {@code :<host>:<port>} or {@code [:<filename>]}. */
  public String syntax() {
    StringBuilder text = new StringBuilder();
    for (Parameter parameter : parameters) {
      String part = ":<" + parameter.name() + ">";
      text.append(parameter.optional() ? "[" + part + "]" : part);
    }
    return text.toString();
  }

  /** The message for a wrong number of parameters, or null when the number is right. */
  @Nullable String checkParameters(String typedKeyword, int count) {
    long least = parameters.stream().filter(p -> !p.optional()).count();
    if (count >= least && count <= parameters.size()) {
      return null;
    }
    String wanted = (rangeInErrors ? least + " or " : "") + parameters.size();
    String message =
        typedKeyword + ": wrong number of parameters (" + count + " instead of " + wanted + ")";
    if (rangeInErrors) {
      return message + "; usage: " + syntax();
    }
    return usageInErrors ? message + ": usage: " + typedKeyword + syntax() : message;
  }

  /** All names, the canonical one first. */
  public List<String> names() {
    return Stream.concat(Stream.of(keyword), aliases.stream()).toList();
  }

  /** Its groups as help texts list them. */
  public String groupList() {
    return String.join(",", groups.stream().map(OptionGroup::name).toList());
  }
}
