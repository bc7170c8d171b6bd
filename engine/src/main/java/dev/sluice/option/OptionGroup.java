package dev.sluice.option;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an address is made of, and so which options make sense for it. An address type may bring a
 * group of its own, with rows that nobody else has. The order is the one of help texts: socat's
 * groups first, then others by name.
 */
public final class OptionGroup implements Comparable<OptionGroup> {
  private static final List<OptionGroup> BUILT_IN = new ArrayList<>();

  public static final OptionGroup FD = builtIn("FD");
  public static final OptionGroup FIFO = builtIn("FIFO");
  public static final OptionGroup CHR = builtIn("CHR");
  public static final OptionGroup BLK = builtIn("BLK");
  public static final OptionGroup REG = builtIn("REG");
  public static final OptionGroup SOCKET = builtIn("SOCKET");
  public static final OptionGroup READLINE = builtIn("READLINE");
  public static final OptionGroup NAMED = builtIn("NAMED");
  public static final OptionGroup OPEN = builtIn("OPEN");
  public static final OptionGroup EXEC = builtIn("EXEC");
  public static final OptionGroup FORK = builtIn("FORK");
  public static final OptionGroup LISTEN = builtIn("LISTEN");
  public static final OptionGroup SHELL = builtIn("SHELL");
  public static final OptionGroup CHILD = builtIn("CHILD");
  public static final OptionGroup RETRY = builtIn("RETRY");
  public static final OptionGroup TERMIOS = builtIn("TERMIOS");
  public static final OptionGroup RANGE = builtIn("RANGE");
  public static final OptionGroup PTY = builtIn("PTY");
  public static final OptionGroup PARENT = builtIn("PARENT");
  public static final OptionGroup UNIX = builtIn("UNIX");
  public static final OptionGroup IP4 = builtIn("IP4");
  public static final OptionGroup IP6 = builtIn("IP6");
  public static final OptionGroup INTERFACE = builtIn("INTERFACE");
  public static final OptionGroup UDP = builtIn("UDP");
  public static final OptionGroup TCP = builtIn("TCP");
  public static final OptionGroup SOCKS = builtIn("SOCKS");
  public static final OptionGroup OPENSSL = builtIn("OPENSSL");

  /** Options about the process; every address takes them. */
  public static final OptionGroup PROCESS = builtIn("PROCESS", Kind.UNIVERSAL);

  /** Options about the data; every address takes them. */
  public static final OptionGroup APPL = builtIn("APPL", Kind.UNIVERSAL);

  public static final OptionGroup HTTP = builtIn("HTTP");
  public static final OptionGroup POSIXMQ = builtIn("POSIXMQ");
  public static final OptionGroup SCTP = builtIn("SCTP");
  public static final OptionGroup DCCP = builtIn("DCCP");
  public static final OptionGroup UDPLITE = builtIn("UDPLITE");

  /** Not socat's: what connects a byte stream. */
  public static final OptionGroup CONNECTING = builtIn("CONNECTING", Kind.OWN);

  /** Not socat's: what takes connections that are byte streams. */
  public static final OptionGroup ACCEPTING = builtIn("ACCEPTING", Kind.OWN);

  /** Not socat's: a SOCKS server. */
  public static final OptionGroup SOCKS_SERVER = builtIn("SOCKS_SERVER", Kind.OWN);

  /** Not socat's: an HTTP proxy. */
  public static final OptionGroup HTTP_SERVER = builtIn("HTTP_SERVER", Kind.OWN);

  /**
   * Options of no group in particular; every address takes them, and help texts show {@code (all)}.
   */
  public static final OptionGroup ANY = builtIn("ANY", Kind.UNIVERSAL);

  private static final Comparator<OptionGroup> ORDER =
      Comparator.comparingInt((OptionGroup group) -> group.place)
          .thenComparing(group -> group.name);

  private enum Kind {
    SOCAT,
    UNIVERSAL,
    OWN
  }

  private final String name;
  private final int place;
  private final Kind kind;

  private OptionGroup(String name, int place, Kind kind) {
    this.name = name;
    this.place = place;
    this.kind = kind;
  }

  private static OptionGroup builtIn(String name) {
    return builtIn(name, Kind.SOCAT);
  }

  private static OptionGroup builtIn(String name, Kind kind) {
    OptionGroup group = new OptionGroup(name, BUILT_IN.size(), kind);
    BUILT_IN.add(group);
    return group;
  }

  /**
   * The group of an address type's own options.
   *
   * @param name in capitals, such as the type's keyword
   */
  public static OptionGroup own(String name) {
    if (BUILT_IN.stream().anyMatch(group -> group.name.equals(name))) {
      throw new IllegalArgumentException("there is a group " + name + " already");
    }
    return new OptionGroup(name, Integer.MAX_VALUE, Kind.OWN);
  }

  /** The groups that no address type has brought, in order. */
  public static List<OptionGroup> builtIn() {
    return Collections.unmodifiableList(BUILT_IN);
  }

  /** Its name in help texts. */
  public String name() {
    return name;
  }

  /** Whether socat has no such group. */
  public boolean isOwn() {
    return kind == Kind.OWN;
  }

  /** Whether every address takes options of this group. */
  public boolean isUniversal() {
    return kind == Kind.UNIVERSAL;
  }

  @Override
  public int compareTo(OptionGroup other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof OptionGroup group && group.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
