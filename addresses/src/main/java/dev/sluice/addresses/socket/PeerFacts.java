package dev.sluice.addresses.socket;

import dev.sluice.os.SocketAddressBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What programs are told of a peer, and of the address it came to. */
final class PeerFacts {
  private PeerFacts() {}

  /**
   * The variables, without prefix.
   *
   * @param own the local address; null leaves it out
   * @param ports whether the protocol has ports to tell
   */
  static Map<String, String> of(
      SocketAddressBytes peer, @Nullable SocketAddressBytes own, boolean ports) {
    Map<String, String> facts = new LinkedHashMap<>();
    add(facts, "PEER", peer, ports);
    if (own != null) {
      add(facts, "SOCK", own, ports);
    }
    return facts;
  }

  /** Whether the ports of that protocol are told: TCP, UDP and SCTP. */
  static boolean hasPorts(int protocol) {
    return protocol == 6 || protocol == 17 || protocol == 132;
  }

  private static void add(
      Map<String, String> facts, String whose, SocketAddressBytes address, boolean ports) {
    facts.put(whose + "ADDR", address.hostText());
    String port = ports ? address.portText() : null;
    if (port != null) {
      facts.put(whose + "PORT", port);
    }
  }
}
