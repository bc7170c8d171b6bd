package dev.sluice.catalog;

import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import dev.sluice.spec.OptionSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that connectors bring, as data: written when the program is built, read when a
 * keyword is none of the program's own. A connector's jars lie in a folder beside the program's jar
 * and are loaded when one of its keywords is used.
 *
 * <p>A line of the index begins with A for an address, or with O for an option that the address
 * above it brings; fields are separated by tabs, names in a field by commas.
 */
public final class ConnectorIndex {
  /** Where the index lies in the program's jar. */
  public static final String RESOURCE = "dev/sluice/catalog/connectors.index";

  /** The package of every connector is this and its name. */
  private static final String PACKAGE = "dev.sluice.connector.";

  private static final Map<String, Entry> ENTRIES = read();

  private static final Map<String, AddressType> LOADED = new HashMap<>();

  /** An address: the connector that has it, its class there, and what is known of it. */
  private record Entry(String connector, String className, AddressDescriptor descriptor) {}

  private ConnectorIndex() {}

  /** The names of all addresses in the index, aliases too. */
  static Set<String> names() {
    return ENTRIES.keySet();
  }

  /** The address of that name as the index has it; null when it has none. */
  static synchronized @Nullable AddressType described(String name) {
    Entry entry = ENTRIES.get(name);
    return entry == null ? null : LOADED.computeIfAbsent("?" + entry.className, key -> of(entry));
  }

  private static AddressType of(Entry entry) {
    String reason =
        entry.descriptor.keyword()
            + " needs the connector sluice-"
            + entry.connector
            + ": "
            + ConnectorLoader.whatIsMissing(entry.connector);
    return new MissingConnector(entry.connector, entry.descriptor, reason);
  }

  /**
   * The address of that name from the connector's jars; as described where these are missing, null
   * when there is no such address.
   */
  static synchronized @Nullable AddressType load(String name) {
    Entry entry = ENTRIES.get(name);
    if (entry == null) {
      return null;
    }
    AddressType loaded = LOADED.get(entry.className);
    if (loaded == null) {
      loaded = ConnectorLoader.load(entry.connector, entry.className);
      if (loaded == null) {
        return described(name);
      }
      LOADED.put(entry.className, loaded);
    }
    return loaded;
  }

  /** Whether a type is a connector's, and so belongs into the index. */
  public static boolean belongs(AddressType type) {
    return type.getClass().getName().startsWith(PACKAGE);
  }

  /** The index of these types. */
  public static String write(List<AddressType> types) {
    StringBuilder text = new StringBuilder();
    for (AddressType type : types) {
      AddressDescriptor descriptor = type.descriptor();
      String className = type.getClass().getName();
      String connector = className.substring(PACKAGE.length()).replaceFirst("\\..*", "");
      line(
          text,
          "A",
          connector,
          className,
          descriptor.keyword(),
          String.join(",", descriptor.aliases()),
          descriptor.parameters().stream()
              .map(parameter -> (parameter.optional() ? "?" : "") + parameter.name())
              .collect(Collectors.joining(",")),
          descriptor.direction().name(),
          descriptor.boundary().name(),
          descriptor.groupList(),
          descriptor.summary(),
          descriptor.description(),
          descriptor.example());
      for (Option<?> option : descriptor.ownOptions()) {
        line(
            text,
            "O",
            option.name(),
            String.join(",", option.aliases()),
            option.type().label(),
            option.phase().name(),
            option.groups().stream().map(OptionGroup::name).collect(Collectors.joining(",")),
            option.help(),
            option.source());
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String... fields) {
    text.append(String.join("\t", fields)).append('\n');
  }

  private static Map<String, Entry> read() {
    try (InputStream in = Catalog.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      return in == null
          ? Map.of()
          : read(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Entry> read(Stream<String> lines) {
    Map<String, Entry> entries = new HashMap<>();
    Map<String, Option<?>> options = new HashMap<>();
    List<Option<?>> brought = new ArrayList<>();
    Entry last = null;
    for (String line : lines.toList()) {
      String[] fields = line.split("\t", -1);
      if (fields[0].equals("A")) {
        finish(last, brought);
        last = new Entry(fields[1], fields[2], descriptor(fields));
        for (String name : last.descriptor.names()) {
          entries.put(name, last);
        }
        brought = new ArrayList<>();
      } else {
        brought.add(options.computeIfAbsent(fields[5] + " " + fields[1], key -> option(fields)));
      }
    }
    finish(last, brought);
    return entries;
  }

  private static void finish(@Nullable Entry entry, List<Option<?>> options) {
    if (entry != null) {
      entry.descriptor.brings(options);
    }
  }

  private static AddressDescriptor descriptor(String[] fields) {
    List<OptionGroup> groups = groups(fields[8]);
    return AddressDescriptor.named(fields[3])
        .aka(list(fields[4]).toArray(String[]::new))
        .takes(
            list(fields[5]).stream()
                .map(
                    name ->
                        name.startsWith("?")
                            ? Parameter.optional(name.substring(1))
                            : Parameter.required(name))
                .toArray(Parameter[]::new))
        .goes(Direction.valueOf(fields[6]))
        .keeps(Boundary.valueOf(fields[7]))
        .groups(groups.get(0), groups.subList(1, groups.size()).toArray(OptionGroup[]::new))
        .documented(fields[9], fields[10], fields[11]);
  }

  private static Option<?> option(String[] fields) {
    List<OptionGroup> groups = groups(fields[5]);
    return Option.row(
            fields[1],
            new OptionType<@Nullable String>(fields[3], ConnectorIndex::asTyped),
            Phase.valueOf(fields[4]),
            groups.get(0),
            groups.subList(1, groups.size()).toArray(OptionGroup[]::new))
        .aka(list(fields[2]).toArray(String[]::new))
        .help(fields[6])
        .from(fields[7]);
  }

  private static @Nullable String asTyped(Option<?> option, OptionSpec spec) {
    return spec.value();
  }

  private static List<OptionGroup> groups(String names) {
    return list(names).stream().map(ConnectorIndex::group).toList();
  }

  private static OptionGroup group(String name) {
    return OptionGroup.builtIn().stream()
        .filter(group -> group.name().equals(name))
        .findFirst()
        .orElseGet(() -> OptionGroup.own(name));
  }

  private static List<String> list(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(","));
  }
}
