package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.TcpOptions;
import dev.sluice.os.SocketAddressBytes;
import org.jspecify.annotations.Nullable;

/**
 * Which peers a listening address serves: options {@code range}, {@code sourceport}, {@code
 * lowport} and those of access files.
 */
public final class PeerFilter {
  private static final int FIRST_UNPRIVILEGED = 1024;

  private final @Nullable NetworkRange range;
  private final int sourcePort;
  private final boolean lowPort;
  private final @Nullable HostsAccess access;
  private final RelayLog log;

  private PeerFilter(
      OpenContext context, @Nullable NetworkRange range, int sourcePort, boolean lowPort) {
    this.range = range;
    this.sourcePort = sourcePort;
    this.lowPort = lowPort;
    this.access = HostsAccess.of(context);
    this.log = context.log();
  }

  /** The filter that an address's options ask for; looks names up, so it may block. */
  public static PeerFilter of(OpenContext context, int family) {
    Options options = context.options();
    return new PeerFilter(
        context,
        range(options, family),
        options.get(TcpOptions.SOURCEPORT, -1),
        options.isOn(TcpOptions.LOWPORT));
  }

  /** As {@link #of}, for addresses whose options sourceport and lowport mean something else. */
  static PeerFilter ofNetwork(OpenContext context, int family) {
    return new PeerFilter(context, range(context.options(), family), -1, false);
  }

  /** The filter of addresses in data syntax; their range is in that syntax too. */
  static PeerFilter ofData(OpenContext context) {
    NetworkRange range =
        context.options().find(RelayOptions.RANGE).map(NetworkRange::parseData).orElse(null);
    return new PeerFilter(context, range, -1, false);
  }

  /** Whether access files are asked, and can be read, and refuse somebody. Blocks. */
  public static boolean tablesRefuse(OpenContext context) {
    HostsAccess access = HostsAccess.of(context);
    return access != null && access.refusesSomebody();
  }

  private static @Nullable NetworkRange range(Options options, int family) {
    return options
        .find(RelayOptions.RANGE)
        .map(text -> NetworkRange.parse(text, family))
        .orElse(null);
  }

  /** Whether a peer comes from the port that it should; says so in the log. */
  boolean permitsPort(SocketAddressBytes peer, int port) {
    return judge(peer, peer.port() == port, "sourceport option", "wrong sourceport");
  }

  /** Whether there is anything to check. */
  boolean isActive() {
    return range != null || sourcePort >= 0 || lowPort || access != null;
  }

  /** Whether {@link #permits} reads files and looks names up, which may block. */
  boolean mayBlock() {
    return access != null;
  }

  /** A non-blocking endpoint whose reader asks this filter goes to a poller only if it may. */
  Endpoint pollableUnlessItBlocks(Endpoint endpoint) {
    return mayBlock() ? endpoint : endpoint.pollableAlready();
  }

  /**
   * Whether the peer is served; says so in the log. One that cannot be judged is not.
   *
   * @param own the address that it came to
   */
  boolean permits(SocketAddressBytes peer, SocketAddressBytes own) {
    try {
      return isPermitted(peer, own);
    } catch (RuntimeException e) {
      log.error("refusing connection from " + peer + ": " + e);
      return false;
    }
  }

  private boolean isPermitted(SocketAddressBytes peer, SocketAddressBytes own) {
    if (!permitsAddress(peer)) {
      return false;
    }
    String option = "tcpwrapper option";
    return access == null || judge(peer, access.permits(peer, own), option, option);
  }

  private boolean permitsAddress(SocketAddressBytes peer) {
    if (range != null && !judge(peer, range.contains(peer), "range option", "range option")) {
      return false;
    }
    if (sourcePort >= 0) {
      return judge(peer, peer.port() == sourcePort, "sourceport option", "wrong sourceport");
    }
    if (lowPort) {
      return judge(peer, peer.port() < FIRST_UNPRIVILEGED, "lowport option", "lowport option");
    }
    return true;
  }

  private boolean judge(SocketAddressBytes peer, boolean permitted, String why, String whyNot) {
    if (permitted) {
      log.info("permitting connection from %s due to %s", peer, why);
    } else {
      log.warning("refusing connection from " + peer + " due to " + whyNot);
    }
    return permitted;
  }
}
