package dev.sluice.cli;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The pages docs/addresses.md and docs/options.md, as the catalog and the option tables have it.
 */
final class ReferencePages {
  private static final String NOTE =
      "<!-- Written by ReferencePagesTest from the catalog; do not edit. -->\n\n";

  private ReferencePages() {}

  /** The page of all addresses. */
  static String addresses(Catalog catalog) {
    StringBuilder page = new StringBuilder("# Addresses\n\n").append(NOTE);
    for (AddressType type : catalog.types()) {
      append(page, type.descriptor());
    }
    return page.toString();
  }

  private static void append(StringBuilder page, AddressDescriptor address) {
    page.append("## ").append(address.keyword()).append("\n\n");
    line(page, "`" + address.keyword() + address.syntax() + "`: " + address.summary() + ".");
    line(page, address.description());
    List<String> facts = new ArrayList<>();
    if (!address.aliases().isEmpty()) {
      facts.add("Also called " + code(address.aliases()) + ".");
    }
    facts.add("Opened for " + address.direction().words() + ".");
    facts.add(
        switch (address.boundary()) {
          case STREAM -> "A stream of bytes.";
          case DATAGRAM -> "One block is one datagram.";
          case SEQPACKET -> "One block is one record.";
        });
    if (address.forks()) {
      facts.add("Can serve many at once, with option `fork`.");
    }
    if (address.unavailableBecause() != null) {
      facts.add("Not here: " + address.unavailableBecause() + ".");
    }
    line(page, String.join(" ", facts));
    line(page, "Example: `" + address.example() + "`. Option groups: " + groups(address) + ".");
  }

  private static String groups(AddressDescriptor address) {
    return address.groupList().replace(",", ", ");
  }

  private static void line(StringBuilder page, String text) {
    page.append(text).append("\n\n");
  }

  private static String code(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  /** The page of all options. */
  static String options(Catalog catalog) {
    StringBuilder page = new StringBuilder("# Options\n\n").append(NOTE);
    for (OptionGroup group : catalog.groups()) {
      List<Option<?>> rows =
          catalog.options().stream()
              .filter(option -> option.groups().get(0).equals(group))
              .sorted(Comparator.comparing(Option::name))
              .toList();
      if (!rows.isEmpty()) {
        page.append("## ").append(group).append("\n\n");
        page.append("| option | aliases | type | phase | groups | what it does | source |\n");
        page.append("|---|---|---|---|---|---|---|\n");
        rows.forEach(row -> append(page, row));
        page.append('\n');
      }
    }
    return page.toString();
  }

  private static void append(StringBuilder page, Option<?> option) {
    String cells =
        String.join(
            " | ",
            "`" + option.name() + "`",
            code(option.aliases()),
            option.type().label(),
            option.phase().name().toLowerCase(Locale.ROOT),
            option.groups().stream().map(OptionGroup::name).collect(Collectors.joining(", ")),
            option.help(),
            option.source());
    page.append("| ").append(cells).append(" |\n");
  }
}
