package dev.sluice.cli;

import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.os.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Renders version, system and features as {@code -V} prints them; scripts look for {@code socat
 * version} and for {@code #define WITH_X}.
 *
 * <p>A feature is defined when its addresses are in the catalog and can be opened here, or its
 * options are in the tables. That costs a look at all of them, so the jar holds the text as it was
 * when it was built ({@link Packaged}).
 */
public final class VersionText {
  /** By hand: a formatter that knows names of months loads the locale data, for 30 ms. */
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  private static final String SYSTEM = "@system@";

  private final Catalog catalog;
  private final StringBuilder out = new StringBuilder();

  private VersionText(Catalog catalog) {
    this.catalog = catalog;
  }

  /** The version text. */
  public static String render() {
    Packaged packaged = Packaged.find();
    return (packaged == null ? template(Catalog.load(), now()) : packaged.versionText())
        .replace(SYSTEM, system());
  }

  /** The text with a mark where the running system is to be named. */
  public static String template(Catalog catalog, LocalDateTime built) {
    VersionText text = new VersionText(catalog);
    text.line(HelpText.TITLE);
    text.line("socat version " + OpenSettings.VERSION + " on " + date(built));
    text.line("   running on " + SYSTEM);
    text.line("features:");
    text.features();
    return text.out.toString();
  }

  /** Seconds are all that is told of it. */
  public static LocalDateTime now() {
    return LocalDateTime.ofEpochSecond(System.currentTimeMillis() / 1000, 0, ZoneOffset.UTC);
  }

  private void line(String text) {
    out.append(text).append('\n');
  }

  private void features() {
    feature("HELP", true);
    feature("STATS", true);
    address("STDIO", "STDIO");
    address("FDNUM", "FD");
    address("FILE", "OPEN");
    address("CREAT", "CREATE");
    address("GOPEN", "GOPEN");
    feature("TERMIOS", hasOptionsOf(OptionGroup.TERMIOS));
    address("PIPE", "PIPE");
    address("STALL", "STALL");
    address("TEXT", "TEXT");
    address("SOCKETPAIR", "SOCKETPAIR");
    address("UNIX", "UNIX-CONNECT");
    address("ABSTRACT_UNIXSOCKET", "ABSTRACT-CONNECT");
    feature("IP4", hasAddressOf(OptionGroup.IP4));
    feature("IP6", hasAddressOf(OptionGroup.IP6));
    address("RAWIP", "IP-SENDTO");
    address("GENERICSOCKET", "SOCKET-CONNECT");
    address("INTERFACE", "INTERFACE");
    address("TCP", "TCP-CONNECT");
    address("UDP", "UDP-CONNECT");
    address("SCTP", "SCTP-CONNECT");
    address("DCCP", "DCCP-CONNECT");
    address("UDPLITE", "UDPLITE-CONNECT");
    feature("LISTEN", hasAddressOf(OptionGroup.LISTEN));
    feature("POSIXMQ", hasAddressOf(OptionGroup.POSIXMQ));
    address("SOCKS4", "SOCKS4");
    address("SOCKS4A", "SOCKS4A");
    address("SOCKS5", "SOCKS5-CONNECT");
    address("VSOCK", "VSOCK-CONNECT");
    feature("NAMESPACES", OptionTable.find("netns") != null);
    address("PROXY", "PROXY");
    address("SYSTEM", "SYSTEM");
    address("SHELL", "SHELL");
    address("EXEC", "EXEC");
    address("READLINE", "READLINE");
    address("TUN", "TUN");
    address("PTY", "PTY");
    address("OPENSSL", "OPENSSL");
    feature("FIPS", false);
    feature("LIBWRAP", OptionTable.find("tcpwrappers") != null);
    feature("SYCLS", false);
    feature("FILAN", false);
    feature("RETRY", OptionTable.find("retry") != null);
    feature("DEVTESTS", false);
    line("  #define WITH_MSGLEVEL 0 /*debug*/");
    line("  #define WITH_DEFAULT_IPV " + OpenSettings.DEFAULT.listenFamily());
  }

  private void feature(String name, boolean isThere) {
    line(isThere ? "  #define WITH_" + name + " 1" : "  #undef WITH_" + name);
  }

  private void address(String feature, String keyword) {
    AddressType type = catalog.find(keyword);
    feature(feature, type != null && isAvailable(type));
  }

  private boolean hasAddressOf(OptionGroup group) {
    return catalog.types().stream()
        .anyMatch(type -> isAvailable(type) && type.descriptor().groups().contains(group));
  }

  private static boolean isAvailable(AddressType type) {
    return type.descriptor().unavailableBecause() == null;
  }

  private boolean hasOptionsOf(OptionGroup group) {
    return catalog.options().stream().anyMatch(option -> option.groups().contains(group));
  }

  static String system() {
    String machine = Machine.text();
    return kernel("ostype", System.getProperty("os.name", ""))
        + " version "
        + kernel("version", "unknown")
        + ", release "
        + kernel("osrelease", System.getProperty("os.version", ""))
        + ", machine "
        + machine;
  }

  private static String kernel(String fact, String otherwise) {
    try {
      return Files.readString(Path.of("/proc/sys/kernel", fact)).strip();
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String date(LocalDateTime time) {
    return two(time.getDayOfMonth())
        + " "
        + MONTHS.get(time.getMonthValue() - 1)
        + " "
        + time.getYear()
        + " "
        + two(time.getHour())
        + ":"
        + two(time.getMinute())
        + ":"
        + two(time.getSecond());
  }

  private static String two(int number) {
    return number < 10 ? "0" + number : Integer.toString(number);
  }
}
