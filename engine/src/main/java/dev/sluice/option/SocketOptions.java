package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.*;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.INT_INT_BIN;
import static dev.sluice.option.OptionType.INT_INT_INT;
import static dev.sluice.option.OptionType.INT_INT_STRING;
import static dev.sluice.option.OptionType.INT_OR_NULL;
import static dev.sluice.option.OptionType.LINGER;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.TIMEVAL;
import static dev.sluice.os.SocketConstants.SOL_SOCKET;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Options of every socket, and raw socket options. */
public final class SocketOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  private static final OptionType<Integer> READ_ONLY =
      new OptionType<>(
          "INT[3]",
          (option, spec) -> {
            throw new OptionType.BadValue(
                "option \"" + option.name() + "\" can only be read, not set");
          });

  /** An option of level SOL_SOCKET that takes a number right after socket(2). */
  private static Option<Integer> so(String name, int number) {
    return row(name, INT, Phase.PASTSOCKET, SOCKET)
        .does(new SocketEffects.SocketOption(SOL_SOCKET, number))
        .from("socket(7)");
  }

  public static final Option<Integer> SO_DEBUG =
      so("so-debug", 1).aka("debug").help("records debugging information").in(ROWS);
  public static final Option<@Nullable Integer> SO_REUSEADDR =
      row("so-reuseaddr", INT_OR_NULL, Phase.PREBIND, SOCKET)
          .aka("reuseaddr")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 2))
          .help("binds while old connections of the port linger")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_TYPE =
      row("so-type", INT, Phase.SOCKET, SOCKET)
          .aka("socktype", "type")
          .help("socket type by number, such as 5 for SEQPACKET")
          .from("socket(2)")
          .in(ROWS);
  public static final Option<Integer> SO_ERROR =
      so("so-error", 4)
          .aka("error")
          .help("pending error; the kernel lets it only be read")
          .in(ROWS);
  public static final Option<Integer> SO_DONTROUTE =
      so("so-dontroute", 5)
          .aka("dontroute")
          .help("reaches only hosts on attached networks")
          .in(ROWS);
  public static final Option<Integer> SO_BROADCAST =
      so("so-broadcast", 6).aka("broadcast").help("may send to broadcast addresses").in(ROWS);
  public static final Option<Integer> SO_SNDBUF =
      so("so-sndbuf", 7).aka("sndbuf").help("bytes in the send buffer").in(ROWS);
  public static final Option<Integer> SO_RCVBUF =
      so("so-rcvbuf", 8).aka("rcvbuf").help("bytes in the receive buffer").in(ROWS);
  public static final Option<Integer> SO_SNDBUF_LATE =
      row("so-sndbuf-late", INT, Phase.LATE, SOCKET)
          .aka("sndbuf-late")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 7))
          .help("bytes in the send buffer, once connected")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_RCVBUF_LATE =
      row("so-rcvbuf-late", INT, Phase.LATE, SOCKET)
          .aka("rcvbuf-late")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 8))
          .help("bytes in the receive buffer, once connected")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_KEEPALIVE =
      row("so-keepalive", INT, Phase.FD, SOCKET)
          .aka("keepalive")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 9))
          .help("probes whether an idle peer is still there")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_OOBINLINE =
      so("so-oobinline", 10).aka("oobinline").help("urgent data stays in the stream").in(ROWS);
  public static final Option<Integer> SO_NO_CHECK =
      so("so-no-check", 11).aka("no-check", "nocheck").help("no checksums").in(ROWS);
  public static final Option<Integer> SO_PRIORITY =
      so("so-priority", 12).aka("priority").help("priority of packets in the queues").in(ROWS);
  public static final Option<Integer> SO_LINGER =
      row("so-linger", LINGER, Phase.PASTSOCKET, SOCKET)
          .aka("linger")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 13))
          .help("seconds that closing waits for unsent data")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_BSDCOMPAT =
      so("so-bsdcompat", 14).aka("bsdcompat").help("obsolete; the kernel ignores it").in(ROWS);
  public static final Option<Integer> SO_REUSEPORT =
      row("so-reuseport", INT, Phase.PREBIND, SOCKET)
          .aka("reuseport")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 15))
          .help("several sockets may share the port")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_PASSCRED =
      so("so-passcred", 16).aka("passcred").help("receives the sender's credentials").in(ROWS);
  public static final Option<Integer> SO_PEERCRED =
      row("so-peercred", READ_ONLY, Phase.PASTSOCKET, SOCKET)
          .aka("peercred")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 17))
          .help("the peer's credentials; the kernel lets them only be read")
          .from("unix(7)")
          .in(ROWS);
  public static final Option<Integer> SO_RCVLOWAT =
      so("so-rcvlowat", 18).aka("rcvlowat").help("bytes that make the socket readable").in(ROWS);
  public static final Option<Integer> SO_SNDLOWAT =
      so("so-sndlowat", 19)
          .aka("sndlowat")
          .help("free bytes that make the socket writable")
          .in(ROWS);
  public static final Option<Duration> SO_RCVTIMEO =
      row("so-rcvtimeo", TIMEVAL, Phase.PASTSOCKET, SOCKET)
          .aka("rcvtimeo")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 20))
          .help("seconds that a blocking receive waits")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Duration> SO_SNDTIMEO =
      row("so-sndtimeo", TIMEVAL, Phase.PASTSOCKET, SOCKET)
          .aka("sndtimeo")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 21))
          .help("seconds that a blocking send waits")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_SECURITY_AUTHENTICATION =
      so("so-security-authentication", 22)
          .aka("security-authentication", "securityauthentication")
          .help("security level; Linux has none")
          .in(ROWS);
  public static final Option<Integer> SO_SECURITY_ENCRYPTION_TRANSPORT =
      so("so-security-encryption-transport", 23)
          .aka("security-encryption-transport", "securityencryptiontransport")
          .help("security level; Linux has none")
          .in(ROWS);
  public static final Option<Integer> SO_SECURITY_ENCRYPTION_NETWORK =
      so("so-security-encryption-network", 24)
          .aka("security-encryption-network", "securityencryptionnetwork")
          .help("security level; Linux has none")
          .in(ROWS);
  public static final Option<String> SO_BINDTODEVICE =
      row("so-bindtodevice", STRING, Phase.PASTSOCKET, SOCKET)
          .aka("bindtodevice", "if", "interface")
          .does(new SocketEffects.SocketOption(SOL_SOCKET, 25))
          .help("sends and receives by this interface alone")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SO_ATTACH_FILTER =
      so("so-attach-filter", 26)
          .aka("attach-filter", "attachfilter")
          .help("packet filter; needs a program, so the kernel refuses")
          .in(ROWS);
  public static final Option<Integer> SO_DETACH_FILTER =
      so("so-detach-filter", 27)
          .aka("detach-filter", "detachfilter")
          .help("removes the packet filter")
          .in(ROWS);
  public static final Option<Integer> SO_TIMESTAMP =
      so("so-timestamp", 29).aka("timestamp").help("receives the time of arrival").in(ROWS);
  public static final Option<Integer> SO_ACCEPTCONN =
      so("so-acceptconn", 30)
          .aka("acceptconn")
          .help("whether it listens; the kernel lets it only be read")
          .in(ROWS);
  public static final Option<Integer> SO_PROTOCOL =
      row("so-protocol", INT, Phase.SOCKET, SOCKET)
          .aka("protocol", "prototype", "so-prototype")
          .help("protocol by number")
          .from("socket(2)")
          .in(ROWS);
  public static final Option<String> PROTOCOL_FAMILY =
      row("protocol-family", STRING, Phase.PRESOCKET, SOCKET)
          .aka("pf")
          .help("protocol family by name or number")
          .from("socket(2)")
          .in(ROWS);
  public static final Option<String> BIND =
      row("bind", STRING, Phase.BIND, SOCKET).help("local address").from("bind(2)").in(ROWS);
  public static final Option<Duration> CONNECT_TIMEOUT =
      row("connect-timeout", TIMEVAL, Phase.PASTSOCKET, SOCKET)
          .help("seconds to wait for a connection")
          .in(ROWS);
  public static final Option<Integer> FIOSETOWN =
      row("fiosetown", INT, Phase.PASTSOCKET, SOCKET)
          .does(new FileEffects.IoctlRequest(0x8901))
          .help("process or negative group that gets signals")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<Integer> SIOCSPGRP =
      row("siocspgrp", INT, Phase.PASTSOCKET, SOCKET)
          .does(new FileEffects.IoctlRequest(0x8902))
          .help("process or negative group that gets signals")
          .from("socket(7)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<byte[]>> SETSOCKOPT =
      row("setsockopt", INT_INT_BIN, Phase.CONNECTED, SOCKET)
          .aka("sockopt")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and bytes, once connected")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<byte[]>> SETSOCKOPT_BIN =
      row("setsockopt-bin", INT_INT_BIN, Phase.CONNECTED, SOCKET)
          .aka("sockopt-bin")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and bytes, once connected")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<Integer>> SETSOCKOPT_INT =
      row("setsockopt-int", INT_INT_INT, Phase.CONNECTED, SOCKET)
          .aka("sockopt-int")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and integer, once connected")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<String>> SETSOCKOPT_STRING =
      row("setsockopt-string", INT_INT_STRING, Phase.CONNECTED, SOCKET)
          .aka("sockopt-string")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and text, once connected")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<byte[]>> SETSOCKOPT_LISTEN =
      row("setsockopt-listen", INT_INT_BIN, Phase.PREBIND, SOCKET)
          .aka("sockopt-listen")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and bytes, before bind")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<byte[]>> SETSOCKOPT_SOCKET =
      row("setsockopt-socket", INT_INT_BIN, Phase.PASTSOCKET, SOCKET)
          .aka("sockopt-sock")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and bytes, after socket")
          .from("setsockopt(2)")
          .in(ROWS);
  public static final Option<OptionType.Levelled<byte[]>> SETSOCKOPT_CONNECTED =
      row("setsockopt-connected", INT_INT_BIN, Phase.CONNECTED, SOCKET)
          .aka("sockopt-conn")
          .does(new SocketEffects.AnySocketOption())
          .help("level, number and bytes, once connected")
          .from("setsockopt(2)")
          .in(ROWS);

  public static final Option<Duration> HANDSHAKE_TIMEOUT =
      row(
              "handshake-timeout",
              TIMEVAL,
              Phase.LATE,
              OPENSSL,
              SOCKS,
              HTTP,
              SOCKS_SERVER,
              HTTP_SERVER,
              ACCEPTING)
          .help("seconds for all that is said before data flows; as connect-timeout, or 30")
          .in(ROWS);

  private SocketOptions() {}
}
