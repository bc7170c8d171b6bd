package dev.sluice.cli;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders the catalog as the texts of {@code -h}, {@code -hh} and {@code -hhh}, in the columns that
 * scripts know: tabs of eight to column 48 for addresses, and fields of 24 columns for options.
 */
public final class HelpText {
  /** The first line of help and version texts. */
  static final String TITLE =
      "sluice by the Sluice contributors - speaks the command line of socat 1.8.1";

  private static final int TAB = 8;
  private static final String INDENT = "      ";

  /** Spelling, padded to its column, and meaning. */
  static final List<String> COMMAND_LINE_OPTIONS =
      List.of(
          "-V     prints version and features, and ends",
          "-h|-?  prints the command line and all addresses, and ends",
          "-hh    the same with the short names of all address options",
          "-hhh   the same with every name of every address and option",
          "-d[ddd]        says more: warnings, notices, infos, debug (adds up)",
          "-d0|1|2|3|4    says errors only (0) up to debug (4)",
          "-D     before the transfer tells what each descriptor is",
          "--experimental does not warn of experimental features",
          "--statistics   counts what was transferred and tells at the end",
          "--progress     shows on a terminal how far the transfer is (twice: elsewhere too)",
          "-ly[facility]  logs to syslog (facility daemon unless given)",
          "-lf<logfile>   logs to this file",
          "-ls            logs to stderr (done unless another log is chosen)",
          "-lm[facility]  logs to stderr until both addresses are open, then to syslog",
          "-lp<progname>  name in log lines, and before the names of exported variables",
          "-lu            microseconds in log lines",
          "-lh            host name in log lines",
          "-v     shows the data on stderr, as text",
          "-x     shows the data on stderr, in hexadecimal",
          "-r <file>      keeps a copy of what goes from left to right",
          "-R <file>      keeps a copy of what goes from right to left",
          "-b<size_t>     bytes moved at once (8192)",
          "-s     goes on after errors",
          "-S<sigmask>    signals to log, by bits",
          "-t<timeout>    seconds for the other direction when one has ended (0.5)",
          "-T<timeout>    ends after this many seconds without data",
          "-u     left to right only",
          "-U     right to left only",
          "-g     takes options that do not fit the address",
          "-L <lockfile>  holds this lock file, or fails",
          "-W <lockfile>  holds this lock file, and waits for it",
          "-0     prefers no IP version",
          "-4     prefers IPv4 where the address leaves it open",
          "-6     prefers IPv6 where the address leaves it open");

  private final StringBuilder out = new StringBuilder();

  private HelpText() {}

  /**
   * The help text.
   *
   * @param programName as users call it
   * @param detail 1 for addresses, 2 for the short name of each option too, 3 for all names of both
   */
  public static String render(Catalog catalog, String programName, int detail) {
    HelpText text = new HelpText();
    text.line(TITLE);
    text.usage(programName);
    text.addresses(catalog, detail >= 3);
    if (detail >= 2) {
      text.line("   opts:");
      text.line(INDENT + "<opt>{,<opts>}:");
      text.line("   opt:");
      if (detail == 2) {
        text.optionsByShortName(catalog);
      } else {
        text.optionsByEveryName(catalog);
      }
    }
    return text.out.toString();
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void usage(String programName) {
    line("Usage:");
    line(programName + " [options] <bi-address> <bi-address>");
    if (programName.equals("sluice")) {
      line("sluice fleet <verb>: many relays from one file; see sluice fleet -h");
    }
    line("   options (general command line options):");
    COMMAND_LINE_OPTIONS.forEach(option -> line(INDENT + option));
    line("   bi-address:  /* reads and writes */");
    line(INDENT + "<single-address>");
    line(INDENT + "<single-address>!!<single-address>");
    line("   single-address:");
    line(INDENT + "<address-head>[,<opts>]");
    line("   address-head:");
  }

  private void addresses(Catalog catalog, boolean withAliases) {
    Map<String, String> lines = new TreeMap<>();
    for (AddressType type : catalog.types()) {
      AddressDescriptor descriptor = type.descriptor();
      String head = INDENT + descriptor.keyword() + descriptor.syntax();
      lines.put(descriptor.keyword(), padded(head, 48) + "groups=" + descriptor.groupList());
      if (withAliases) {
        for (String alias : descriptor.aliases()) {
          lines.put(
              alias, padded(INDENT + alias, 48) + "is an alias name for " + descriptor.keyword());
        }
      }
    }
    lines.values().forEach(this::line);
    if (withAliases) {
      line(INDENT + "   <num> is a short form for fd:<num>");
      line(INDENT + "   <filename> is a short form for gopen:<filename>");
    }
  }

  private void optionsByShortName(Catalog catalog) {
    Map<String, String> lines = new TreeMap<>();
    for (Option<?> option : catalog.options()) {
      String name = shortName(option);
      lines.put(name, describe(name, option));
    }
    lines.values().forEach(this::line);
  }

  private void optionsByEveryName(Catalog catalog) {
    Map<String, String> lines = new TreeMap<>();
    for (Option<?> option : catalog.options()) {
      lines.put(option.name(), describe(option.name(), option));
      for (String alias : option.aliases()) {
        lines.put(alias, padded(INDENT + alias, 24) + "is an alias for " + option.name());
      }
    }
    lines.values().forEach(this::line);
  }

  /** The shortest name; of two equally short ones, the alias. */
  private static String shortName(Option<?> option) {
    return Stream.concat(option.aliases().stream(), Stream.of(option.name()))
        .min(Comparator.comparingInt(String::length))
        .orElseThrow();
  }

  private static String describe(String name, Option<?> option) {
    return padded(INDENT + name, 24)
        + padded("groups=" + groups(option), 24)
        + padded("phase=" + option.phase(), 24)
        + "type="
        + option.type().label();
  }

  private static String groups(Option<?> option) {
    return option.groups().contains(OptionGroup.ANY)
        ? "(all)"
        : option.groups().stream().map(OptionGroup::name).collect(Collectors.joining(","));
  }

  /** {@code text} with tabs up to {@code column}, and with one at least. */
  private static String padded(String text, int column) {
    StringBuilder padded = new StringBuilder(text);
    int at = text.length();
    do {
      padded.append('\t');
      at = (at / TAB + 1) * TAB;
    } while (at < column);
    return padded.toString();
  }
}
