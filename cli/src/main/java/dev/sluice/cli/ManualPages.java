package dev.sluice.cli;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The manual pages, as the catalog, the option tables and the help texts have it. See man(7). */
final class ManualPages {
  /**
   * What a line of a help text says of an option: its spelling, and after two blanks its meaning.
   */
  private static final Pattern OPTION_LINE = Pattern.compile("(-\\S+(?: <\\w+>)?)\\s+(\\S.*)");

  private final StringBuilder page = new StringBuilder();

  private ManualPages(String name, String summary) {
    macro(".\\\" Written by ReferencePagesTest from the catalog; do not edit.");
    macro(
        ".TH " + name.toUpperCase(Locale.ROOT) + " 1 \"\" \"Sluice " + OpenSettings.VERSION + "\"");
    macro(".ad l");
    macro(".SH NAME");
    macro(name + " \\- " + summary);
  }

  /** The page of the relay. */
  static String sluice(Catalog catalog) {
    ManualPages page = new ManualPages("sluice", "relay between two addresses");
    page.macro(".SH SYNOPSIS");
    page.macro(".B sluice");
    page.text("[options] <address> <address>");
    page.macro(".br");
    page.macro(".B sluice fleet");
    page.text("<verb> [options] [arguments]");
    page.macro(".SH DESCRIPTION");
    page.text(
        "Opens two addresses and moves bytes between them, in both directions, until one of them"
            + " has ended. An address is a keyword, its parameters after colons, and options after"
            + " commas. Two addresses joined by !! are one: the first is read, the second written."
            + " The command line is that of socat 1.8.");
    page.macro(".SH OPTIONS");
    HelpText.COMMAND_LINE_OPTIONS.forEach(page::option);
    page.macro(".SH ADDRESSES");
    for (AddressType type : catalog.types()) {
      page.address(type.descriptor());
    }
    page.macro(".SH ADDRESS OPTIONS");
    page.text("Each group of options fits the addresses that name it.");
    for (OptionGroup group : catalog.groups()) {
      page.group(group, catalog);
    }
    page.fleets();
    page.macro(".SH EXIT STATUS");
    page.text(
        "0 at the end of the data, 1 after an error, and 128 + n after signal n. A program that"
            + " takes the relay's place (option nofork) gives its own.");
    page.environment();
    page.macro(".SH EXAMPLES");
    for (AddressType type : catalog.types()) {
      page.macro(".br");
      page.text("sluice - " + type.descriptor().example());
    }
    return page.seeAlso("filan", "procan");
  }

  private void fleets() {
    macro(".SH FLEETS");
    text(
        "sluice fleet runs many relays from one file, in one process. Each verb tells its options"
            + " with -h; docs/fleet.md has the file's format. All but check, run and convert ask"
            + " the fleet that runs, and end with 0 when it was done, 1 when it was refused, 2 when"
            + " part of it failed. sluice cluster does the same for a fleet that is part of a"
            + " cluster: status, drain, undrain, move, unmove, down; see docs/cluster.md.");
    for (FleetVerbs.Verb verb : FleetVerbs.ALL) {
      item((verb.name() + " " + verb.words()).strip(), verb.summary());
    }
  }

  private void environment() {
    macro(".SH ENVIRONMENT");
    item("SOCAT_DEFAULT_LISTEN_IP", "4 or 6: the version of addresses that listen");
    item("SOCAT_PREFERRED_RESOLVE_IP", "0, 4 or 6: which version a name is resolved to first");
    item("JAVA_HOME", "the Java to run on");
    item("SLUICE_JAVA_OPTS", "more flags for the JVM");
    item("SLUICE_FLEET_SOCKET", "where the verbs of sluice fleet find the fleet");
    item("SLUICE_CLASSPATH", "jars with more addresses, separated by colons");
  }

  /** The page of filan. */
  static String filan() {
    return tool("filan", "tells what file descriptors are", Filan.HELP).seeAlso("sluice", "procan");
  }

  /** The page of procan. */
  static String procan() {
    return tool("procan", "tells what surrounds a process", Procan.HELP).seeAlso("sluice", "filan");
  }

  private static ManualPages tool(String name, String summary, String help) {
    ManualPages page = new ManualPages(name, summary);
    page.macro(".SH SYNOPSIS");
    page.macro(".B " + name);
    page.text("[options]");
    page.macro(".SH OPTIONS");
    help.lines().map(String::strip).filter(line -> line.startsWith("-")).forEach(page::option);
    return page;
  }

  private void address(AddressDescriptor address) {
    item(address.keyword() + address.syntax(), address.description());
    if (!address.aliases().isEmpty()) {
      text("Also " + String.join(", ", address.aliases()) + ".");
    }
    text("Groups: " + address.groupList().replace(",", ", ") + ".");
    if (address.unavailableBecause() != null) {
      text("Not here: " + address.unavailableBecause() + ".");
    }
  }

  private void group(OptionGroup group, Catalog catalog) {
    List<Option<?>> rows =
        catalog.options().stream()
            .filter(option -> option.groups().get(0).equals(group))
            .sorted(Comparator.comparing(Option::name))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    macro(".SS Group " + group);
    for (Option<?> row : rows) {
      String aliases = row.aliases().isEmpty() ? "" : " (" + String.join(", ", row.aliases()) + ")";
      String source = row.source().isEmpty() ? "" : "; see " + row.source();
      item(row.name() + aliases + ", " + row.type().label(), row.help() + source);
    }
  }

  private void option(String line) {
    Matcher parts = OPTION_LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalStateException("no option in \"" + line + "\"");
    }
    item(parts.group(1), parts.group(2));
  }

  private void item(String term, String meaning) {
    macro(".TP");
    text(term);
    text(meaning);
  }

  private String seeAlso(String first, String second) {
    macro(".SH SEE ALSO");
    macro(".BR " + first + " (1),");
    macro(".BR " + second + " (1)");
    return page.toString();
  }

  private void macro(String line) {
    page.append(line).append('\n');
  }

  /** Text in which nothing is a request or an escape. */
  private void text(String words) {
    String escaped =
        words
            .replace("\\", "\\e")
            .replace("-", "\\-")
            .replace("'", "\\(aq")
            .replace("^", "\\(ha")
            .replace("~", "\\(ti");
    page.append(escaped.startsWith(".") ? "\\&" : "").append(escaped).append('\n');
  }
}
