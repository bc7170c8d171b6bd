package dev.sluice.catalog;

import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.option.OptionType;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.spec.AddressParser;
import dev.sluice.spec.AddressSpec;
import dev.sluice.spec.BiAddress;
import dev.sluice.spec.OptionSpec;
import dev.sluice.spec.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All address types, and the reader that turns the text of an address into a valid {@link
 * AddressPair}. Thread-safe.
 */
public final class Catalog {
  private static final String STDIO = "STDIO";
  private static final String FD = "FD";
  private static final String GOPEN = "GOPEN";

  /** Before the name of an option, among the names of types. */
  private static final String OPTION = "option ";

  /** What has been looked for, or all there is. */
  private final Map<String, AddressType> byName = new ConcurrentHashMap<>();

  /** The options that have come with them, by name and alias. */
  private final Map<String, Option<?>> brought = new ConcurrentHashMap<>();

  /** The class that brings what may still be looked for: see {@link #providers}. */
  private final Map<String, ?> classes;

  /** The classes that have brought what is there. */
  private final Map<String, String> providers = new ConcurrentHashMap<>();

  /** Whether connectors count, whose jars are loaded when one of them is asked for. */
  private final boolean connectors;

  private Catalog(Map<String, ?> classes, boolean connectors) {
    this.classes = classes;
    this.connectors = connectors;
  }

  /** Holds exactly these types. */
  public Catalog(Iterable<AddressType> types) {
    this(Map.of(), false);
    types.forEach(this::bring);
  }

  /** Every type that this class's own loader finds, read once, and the connectors. */
  public static Catalog load() {
    return Installed.CATALOG;
  }

  /**
   * Every type that a class loader finds, and the connectors; for types in jars that the loader of
   * this class does not see.
   */
  public static Catalog load(ClassLoader loader) {
    Catalog catalog = new Catalog(Map.of(), true);
    ServiceLoader.load(AddressTypes.class, loader).forEach(catalog::bring);
    return catalog;
  }

  private static final class Installed {
    static final Catalog CATALOG =
        load(
            Objects.requireNonNullElse(
                Catalog.class.getClassLoader(), ClassLoader.getSystemClassLoader()));
  }

  /**
   * Holds the same as {@link #load} did when the names were written down, but makes a type only
   * when it is asked for: a relay has two of them.
   *
   * @param classes the name of the class that brings a type or an option, as {@link #providers} has
   *     them
   */
  public static Catalog lazy(Map<String, ?> classes) {
    return new Catalog(classes, true);
  }

  /** The same catalog with one more type, which a part of the program adds for its own use. */
  public Catalog with(AddressType type) {
    Catalog more = new Catalog(classes, connectors);
    more.byName.putAll(byName);
    more.brought.putAll(brought);
    more.providers.putAll(providers);
    more.bring(type);
    return more;
  }

  private void bring(AddressTypes provider) {
    String source = provider.getClass().getName();
    for (AddressType type : provider.types()) {
      for (String name : type.descriptor().names()) {
        if (byName.put(name, type) != null) {
          throw new IllegalStateException("two address types are called " + name);
        }
        providers.put(name, source);
      }
    }
    for (Option<?> option : provider.options()) {
      bring(option.name(), option, source);
      option.aliases().forEach(alias -> bring(alias, option, source));
    }
  }

  private void bring(String name, Option<?> option, String source) {
    if (brought.put(name, option) != null || OptionTable.find(name) != null) {
      throw new IllegalStateException("two options are called " + name);
    }
    providers.put(OPTION + name, source);
  }

  /**
   * The class that has brought each type, by the type's names, and each option that is not in
   * {@link OptionTable}, by the option's names after {@value #OPTION}. Without connectors.
   */
  public Map<String, String> providers() {
    Map<String, String> own = new HashMap<>(providers);
    byName.forEach(
        (name, type) -> {
          if (ConnectorIndex.belongs(type)) {
            own.remove(name);
          }
        });
    return own;
  }

  /** All types, by keyword. */
  public List<AddressType> types() {
    return names().stream()
        .map(this::described)
        .filter(Objects::nonNull)
        .distinct()
        .sorted(Comparator.comparing(type -> type.descriptor().keyword()))
        .toList();
  }

  private Set<String> names() {
    Set<String> names = new HashSet<>(byName.keySet());
    classes.keySet().stream().filter(name -> !name.startsWith(OPTION)).forEach(names::add);
    if (connectors) {
      names.addAll(ConnectorIndex.names());
    }
    return names;
  }

  /** As {@link #find}, without a look into the jar of a connector. */
  private @Nullable AddressType described(String name) {
    AddressType known = byName.get(name);
    boolean fromIndex = known == null && connectors && !classes.containsKey(name);
    return fromIndex ? ConnectorIndex.described(name) : find(name);
  }

  /** The type of that name or alias, in any case; null when there is none. */
  public @Nullable AddressType find(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (!byName.containsKey(upper) && classes.containsKey(upper)) {
      addFrom(upper, String.valueOf(classes.get(upper)));
    }
    AddressType found = byName.get(upper);
    return found == null && connectors && isWord(upper) ? ConnectorIndex.load(upper) : found;
  }

  /** Whether it may be a keyword: what is short for a file or a descriptor is not looked up. */
  private static boolean isWord(String name) {
    return name.indexOf('/') < 0 && !name.isEmpty() && Character.isLetter(name.charAt(0));
  }

  private synchronized void addFrom(String name, String className) {
    if (providers.containsKey(name)) {
      return;
    }
    try {
      bring(
          Class.forName(className)
              .asSubclass(AddressTypes.class)
              .getDeclaredConstructor()
              .newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The option of that name or alias, in any case, that no type keeps to itself; or null. */
  public @Nullable Option<?> option(String name) {
    Option<?> common = OptionTable.find(name);
    String lower = name.toLowerCase(Locale.ROOT);
    if (common == null && classes.containsKey(OPTION + lower)) {
      addFrom(OPTION + lower, String.valueOf(classes.get(OPTION + lower)));
    }
    return common == null ? brought.get(lower) : common;
  }

  /**
   * Reads one side of a relay; all that is wrong with it goes to {@code problems}, and the result
   * is then null.
   *
   * @param checkGroups whether options must fit the address
   * @param skipBadOptions whether an address is understood without the options that are wrong with
   *     it
   */
  public @Nullable AddressPair read(
      String text, boolean checkGroups, boolean skipBadOptions, Problems problems) {
    BiAddress sides = AddressParser.parse(text, problems);
    if (sides == null) {
      return null;
    }
    Address first = understand(sides.first(), checkGroups, skipBadOptions, problems);
    Address second =
        sides.second() == null
            ? null
            : understand(sides.second(), checkGroups, skipBadOptions, problems);
    return first == null || (second == null && sides.isDual())
        ? null
        : new AddressPair(first, second);
  }

  /** As the longer form, without skipping bad options. */
  public @Nullable AddressPair read(String text, boolean checkGroups, Problems problems) {
    return read(text, checkGroups, false, problems);
  }

  private @Nullable Address understand(
      AddressSpec written, boolean checkGroups, boolean skipBadOptions, Problems problems) {
    AddressSpec spec = expandShortForm(written);
    AddressType type = find(spec.keyword());
    if (type == null) {
      problems.add(
          "unknown device/address \"" + spec.keyword() + "\"",
          Hints.keyword(spec.keyword(), names()));
      return null;
    }
    if (type instanceof MissingConnector missing) {
      problems.add(missing.reason());
      return null;
    }
    String wrongCount = type.descriptor().checkParameters(spec.keyword(), spec.parameters().size());
    if (wrongCount != null) {
      problems.add(wrongCount);
    }
    List<OptionValue<?>> values = new ArrayList<>();
    boolean understood = wrongCount == null;
    for (OptionSpec option : spec.options()) {
      OptionValue<?> value = read(option, type.descriptor(), checkGroups, problems);
      if (value == null) {
        understood &= skipBadOptions;
      } else {
        values.add(value);
      }
    }
    return understood ? new Address(type, spec, new Options(values)) : null;
  }

  private AddressSpec expandShortForm(AddressSpec spec) {
    String word = spec.keyword();
    if (word.equals("-")) {
      return new AddressSpec(spec.text(), STDIO, spec.parameters(), spec.options());
    }
    if (find(word) != null) {
      return spec;
    }
    String keyword;
    if (word.length() == 1 && Character.isDigit(word.charAt(0))) {
      keyword = FD;
    } else if (word.indexOf('/') >= 0) {
      keyword = GOPEN;
    } else {
      return spec;
    }
    List<String> parameters = new ArrayList<>();
    parameters.add(word);
    parameters.addAll(spec.parameters());
    return new AddressSpec(spec.text(), keyword, parameters, spec.options());
  }

  private @Nullable OptionValue<?> read(
      OptionSpec spec, AddressDescriptor descriptor, boolean checkGroups, Problems problems) {
    Option<?> own = descriptor.ownOption(spec.name());
    Option<?> common = own == null ? option(spec.name()) : own;
    Option<?> option = common == null ? broughtByAnother(spec.name()) : common;
    if (option == null) {
      String elsewhere = OptionTable.missingBecause(spec.name());
      if (elsewhere == null) {
        problems.add( // socat's words, with the name of its function
            "parseopts_table(): unknown option \"" + spec.name() + "\"",
            Hints.option(spec.name(), descriptor, options()));
      } else {
        problems.add("option \"" + spec.name() + "\": " + elsewhere);
      }
      return null;
    }
    if ((checkGroups || common == null) && !option.fits(descriptor.groups())) {
      problems.add(
          "parseopts_table(): option \"" + spec.name() + "\" not supported with this address type",
          Hints.addresses(option, types()));
      return null;
    }
    try {
      return value(option, spec);
    } catch (OptionType.BadValue e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  /** An option of that name that an address type brings; null when there is none. */
  private @Nullable Option<?> broughtByAnother(String name) {
    return types().stream()
        .map(type -> type.descriptor().ownOption(name))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Every option there is: those of the tables, and those that come with address types. */
  public List<Option<?>> options() {
    Stream<Option<?>> kept =
        types().stream().flatMap(type -> type.descriptor().ownOptions().stream());
    classes.keySet().stream()
        .filter(name -> name.startsWith(OPTION))
        .forEach(name -> option(name.substring(OPTION.length())));
    Stream<Option<?>> sorted = brought.values().stream().sorted(Comparator.comparing(Option::name));
    Stream<Option<?>> common = Stream.concat(OptionTable.all().stream(), sorted);
    return Stream.concat(common, kept).distinct().toList();
  }

  /** The groups of all options, in order. */
  public List<OptionGroup> groups() {
    return options().stream()
        .flatMap(option -> option.groups().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private static <T> OptionValue<T> value(Option<T> option, OptionSpec spec) {
    return new OptionValue<>(option, option.type().read(option, spec), spec.text());
  }
}
