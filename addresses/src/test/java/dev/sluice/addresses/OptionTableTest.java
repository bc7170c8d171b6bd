package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.catalog.Catalog;
import dev.sluice.option.FileOptions;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Our rows against the inventory of the reference's options. */
class OptionTableTest {
  private static final Catalog CATALOG = Catalog.load();

  /** Options that only we have. */
  private static final Set<String> ADDITIONS =
      Set.of(
          "backoff",
          "restart",
          "handshake-timeout",
          "openssl-alpn",
          "openssl-passphrase",
          "allow",
          "deny",
          "proxy-protocol",
          "accept-proxy",
          "fault");

  /** Names that only we have, of options that the reference has too. */
  private static final Map<String, String> ADDED_ALIASES = Map.of("notail", "fs-notail");

  private record Row(
      String name,
      String aliasOf,
      Set<String> groups,
      String phase,
      String type,
      Set<String> aliases) {
    static Row of(String line) {
      String[] fields = Arrays.copyOf(line.split("\t", -1), 6);
      String phase = fields[3].isEmpty() ? Phase.SPECIFIC.name() : fields[3];
      return new Row(
          fields[0],
          fields[1],
          set(fields[2].replace("(all)", OptionGroup.ANY.name())),
          phase,
          fields[4],
          set(fields[5]));
    }

    private static Set<String> set(String list) {
      return list == null || list.isEmpty() ? Set.of() : new TreeSet<>(List.of(list.split(",")));
    }
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = OptionTableTest.class.getResourceAsStream("/reference/" + name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).toList();
    }
  }

  private static List<Row> reference() throws IOException {
    return lines("options.tsv").stream().map(Row::of).toList();
  }

  @Test
  void rowsAreWhatTheReferenceSays() throws IOException {
    List<String> missing = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (Row row : reference()) {
      Option<?> option = CATALOG.option(row.name());
      if (option == null) {
        if (OptionTable.missingBecause(row.name()) == null) {
          missing.add(row.name());
        }
      } else if (!row.aliasOf().isEmpty()) {
        if (!option.name().equals(row.aliasOf())) {
          differences.add(
              row.name() + " is an alias of " + option.name() + ", not of " + row.aliasOf());
        }
      } else if (!describe(row).equals(describe(option))) {
        differences.add(describe(option) + "\n  instead of " + describe(row));
      }
    }
    assertEquals(List.of(), missing, "neither there nor explained");
    assertEquals(List.of(), differences);
  }

  private static String describe(Row row) {
    return row.name()
        + " "
        + row.type()
        + " "
        + row.phase()
        + " "
        + row.groups()
        + " "
        + row.aliases();
  }

  private static String describe(Option<?> option) {
    Set<String> groups =
        option.groups().stream()
            .filter(group -> !group.isOwn())
            .map(OptionGroup::name)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> aliases = new TreeSet<>(option.aliases());
    aliases.removeIf(alias -> option.name().equals(ADDED_ALIASES.get(alias)));
    return option.name()
        + " "
        + option.type().label()
        + " "
        + option.phase()
        + " "
        + groups
        + " "
        + aliases;
  }

  @Test
  void everyRowIsInTheReferenceOrAnAddition() throws IOException {
    Set<String> known = reference().stream().map(Row::name).collect(Collectors.toSet());
    for (Option<?> option : CATALOG.options()) {
      assertEquals(
          ADDITIONS.contains(option.name()), !known.contains(option.name()), option.name());
    }
  }

  @Test
  void everyRowHasHelp() {
    for (Option<?> option : CATALOG.options()) {
      assertFalse(option.help().isEmpty(), option.name());
    }
  }

  @Test
  void optionsFromElsewhereHaveAReason() throws IOException {
    for (String line : lines("options-elsewhere.tsv")) {
      String name = line.split("\t", 2)[0];
      if (CATALOG.option(name) == null) {
        assertNotNull(OptionTable.missingBecause(name), name);
      }
    }
    assertNull(OptionTable.missingBecause("nonsense"));
  }

  @Test
  void findsInAnyCaseAndByAlias() {
    assertSame(SocketOptions.SO_REUSEADDR, CATALOG.option("ReuseAddr"));
    assertSame(FileOptions.FS_NOTAIL, CATALOG.option("notail"));
    assertNull(CATALOG.option("nonsense"));
  }
}
