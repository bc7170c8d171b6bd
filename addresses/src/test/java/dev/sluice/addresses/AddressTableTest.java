package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.option.OptionGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Holds the catalog against the reference's table of addresses, and prints the keywords that are
 * not there yet.
 */
class AddressTableTest {
  /** A line of the table: keyword, canonical keyword, aliases, syntax, groups, directions. */
  private record Row(String keyword, String canonical, Set<String> aliases, String groups) {
    static Row of(String line) {
      String[] fields = line.split("\t", -1);
      Set<String> aliases = new TreeSet<>(List.of(fields[2].split(",", -1)));
      aliases.remove("");
      return new Row(fields[0], fields[1], aliases, fields[4]);
    }
  }

  /** Addresses that only we have. */
  private static final Set<String> ADDITIONS = Set.of("SOCKS-SERVER", "PROXY-SERVER", "TARGET");

  private static Map<String, Row> reference() throws IOException {
    Path table =
        Path.of(
            System.getProperty("sluice.root", ".."),
            "engine/src/test/resources/reference/addresses.tsv");
    Map<String, Row> rows = new TreeMap<>();
    for (String line : Files.readAllLines(table).stream().skip(1).toList()) {
      Row row = Row.of(line);
      rows.put(row.keyword(), row);
    }
    return rows;
  }

  private static Set<String> split(String list) {
    return new TreeSet<>(List.of(list.split(",", -1)));
  }

  private static Set<String> withoutOwn(List<OptionGroup> groups) {
    return groups.stream()
        .filter(group -> !group.isOwn())
        .map(OptionGroup::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyAddressIsAsTheReferenceHasIt() throws IOException {
    Map<String, Row> rows = reference();
    for (AddressType type : Catalog.load().types()) {
      AddressDescriptor ours = type.descriptor();
      if (ADDITIONS.contains(ours.keyword())) {
        continue;
      }
      Row row = rows.get(ours.keyword());
      assertNotNull(row, ours.keyword());
      assertEquals(row.canonical(), ours.keyword());
      assertEquals(split(row.groups()), withoutOwn(ours.groups()), ours.keyword());
      assertEquals(row.aliases(), new TreeSet<>(ours.aliases()), ours.keyword());
    }
  }

  @Test
  void noKeywordIsMissing() throws IOException {
    Catalog catalog = Catalog.load();
    Set<String> missing = new TreeSet<>(reference().keySet());
    missing.removeIf(keyword -> catalog.find(keyword) != null);
    assertEquals(Set.of(), missing);
  }
}
