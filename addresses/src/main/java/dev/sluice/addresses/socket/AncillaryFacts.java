package dev.sluice.addresses.socket;

import static dev.sluice.os.SocketConstants.SOL_IP;
import static dev.sluice.os.SocketConstants.SOL_IPV6;
import static dev.sluice.os.SocketConstants.SOL_PACKET;
import static dev.sluice.os.SocketConstants.SOL_SOCKET;

import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.AncillaryMessage;
import dev.sluice.os.Fd;
import dev.sluice.os.NetworkInterfaces;
import dev.sluice.os.SocketAddressBytes;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the kernel tells of a datagram beside its bytes, as log lines and as variables for programs.
 * See socket(7), ip(7), ipv6(7).
 */
final class AncillaryFacts {
  private static final int SCM_TIMESTAMP = 29;
  private static final int ICMP = 2;
  private static final int ICMP6 = 3;
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("EEE MMM ", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern(" HH:mm:ss yyyy", Locale.ROOT);

  private final Fd socket;
  private final RelayLog log;
  private final Map<String, String> facts = new LinkedHashMap<>();

  private AncillaryFacts(Fd socket, RelayLog log) {
    this.socket = socket;
    this.log = log;
  }

  /** The variables, without prefix; the log says the same. */
  static Map<String, String> of(List<AncillaryMessage> messages, Fd socket, RelayLog log) {
    if (messages.isEmpty()) {
      return Map.of();
    }
    AncillaryFacts all = new AncillaryFacts(socket, log);
    messages.forEach(all::add);
    return all.facts;
  }

  /** As {@link #of}, where no program is to be told. */
  static void tell(List<AncillaryMessage> messages, Fd socket, RelayLog log) {
    if (!messages.isEmpty() && log.has(Severity.NOTICE)) {
      of(messages, socket, log);
    }
  }

  private void add(AncillaryMessage message) {
    if (message.level() == SOL_PACKET) {
      return; // about the frame, for PacketSocket
    }
    log.info(
        "ancillary message in xiodopacketinfo(): len=%d, level=%d, type=%d",
        message.data().length + 16, message.level(), message.type());
    switch (message.level()) {
      case SOL_SOCKET -> ofSocket(message);
      case SOL_IP -> ofIp4(message);
      case SOL_IPV6 -> ofIp6(message);
      default -> raw("LEVEL" + message.level() + "_TYPE" + message.type(), "data", message);
    }
  }

  private void fact(String kind, String name, String variable, String value) {
    log.info("ancillary message: %s: %s=%s", kind, name, value);
    facts.put(variable, value);
  }

  private void raw(String variable, String name, AncillaryMessage message) {
    fact(variable, name, variable, "x" + HexFormat.of().formatHex(message.data()));
  }

  private void ofSocket(AncillaryMessage message) {
    if (message.type() == SCM_TIMESTAMP) {
      fact("SCM_TIMESTAMP", "timestamp", "TIMESTAMP", time(message));
    } else {
      raw("SOCKET." + message.type() + "_DATA", "data", message);
    }
  }

  /** As ctime(3) writes it, and microseconds. */
  private static String time(AncillaryMessage message) {
    ZonedDateTime time = Instant.ofEpochSecond(message.longAt(0)).atZone(ZoneId.systemDefault());
    return DAY.format(time)
        + String.format(Locale.ROOT, "%2d", time.getDayOfMonth())
        + TIME.format(time)
        + String.format(Locale.ROOT, ", %06d usecs", message.longAt(8));
  }

  private void ofIp4(AncillaryMessage message) {
    switch (message.type()) {
      case 1 -> number4("IP_TOS", "tos", message.data()[0] & 0xff);
      case 2 -> number4("IP_TTL", "ttl", message.intAt(0));
      case 6, 7 -> raw("IP_OPTIONS", "options", message);
      case 8 -> {
        String name = interfaceName(message.intAt(0));
        String local = host(message, 4, 4);
        String destination = host(message, 8, 4);
        log.notice(
            "Ancillary message: interface \"%s\", locaddr=%s, dstaddr=%s",
            name, local, destination);
        fact("IP_PKTINFO", "if", "IP_IF", name);
        fact("IP_PKTINFO", "locaddr", "IP_LOCADDR", local);
        fact("IP_PKTINFO", "dstaddr", "IP_DSTADDR", destination);
      }
      case 11 -> error("IP_RECVERR", message);
      default -> raw("IP_TYPE_" + message.type(), "data", message);
    }
  }

  private void number4(String variable, String name, int value) {
    log.notice("Ancillary message: %s=%d", name, value);
    fact(variable, name, variable, Integer.toString(value));
  }

  private void ofIp6(AncillaryMessage message) {
    switch (message.type()) {
      case 10 -> raw("IPV6_AUTHHDR", "authhdr", message);
      case 11 -> raw("IPV6_FLOWINFO", "flowinfo", message);
      case 25 -> error("IPV6_RECVERR", message);
      case 50 -> {
        fact("IPV6_PKTINFO", "dstaddr", "IPV6_DSTADDR", host(message, 0, 16));
        fact("IPV6_PKTINFO", "if", "IPV6_IF", interfaceName(message.intAt(16)));
      }
      case 52 ->
          fact("IPV6_HOPLIMIT", "hoplimit", "IPV6_HOPLIMIT", Integer.toString(message.intAt(0)));
      case 54 -> raw("IPV6_HOPOPTS", "hopopts", message);
      case 57 -> raw("IPV6_RTHDR", "rthdr", message);
      case 59 -> raw("IPV6_DSTOPTS", "dstopts", message);
      case 67 ->
          fact("IPV6_TCLASS", "tclass", "IPV6_TCLASS", String.format("x%08x", message.intAt(0)));
      default -> raw("IPV6." + message.type() + "_DATA", "data", message);
    }
  }

  /** struct sock_extended_err, and after it the address of who found the error. */
  private void error(String kind, AncillaryMessage message) {
    int errno = message.intAt(0);
    int origin = message.data()[4] & 0xff;
    int type = message.data()[5] & 0xff;
    int code = message.data()[6] & 0xff;
    int info = message.intAt(8);
    int data = message.intAt(12);
    String teller =
        switch (origin) {
          case ICMP -> "ICMP from " + host(message, 20, 4) + ",";
          case ICMP6 -> "ICMP";
          default -> "error message origin " + origin + ",";
        };
    log.notice(
        "received %s type %d, code %d, info %d, data %d, resulting in errno %d",
        teller, type, code, info, data, errno);
    fact(kind, "errno", kind + "_ERRNO", Integer.toString(errno));
    fact(kind, "origin", kind + "_ORIGIN", Integer.toString(origin));
    fact(kind, "type", kind + "_TYPE", Integer.toString(type));
    fact(kind, "code", kind + "_CODE", Integer.toString(code));
    fact(kind, "info", kind + "_INFO", Integer.toString(info));
    fact(kind, "data", kind + "_DATA", Integer.toString(data));
  }

  private String interfaceName(int index) {
    return NetworkInterfaces.name(socket, index);
  }

  private static String host(AncillaryMessage message, int from, int length) {
    byte[] address = Arrays.copyOfRange(message.data(), from, from + length);
    return SocketAddressBytes.of(SocketAddressBytes.inetAddress(address), 0).hostText();
  }
}
