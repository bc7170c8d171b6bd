package dev.sluice.connector.web;

import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The options of WebSocket addresses. */
final class WebOptions {
  /** Both ends. */
  static final OptionGroup WS = OptionGroup.own("WS");

  /** The end that connects. */
  static final OptionGroup WS_CLIENT = OptionGroup.own("WS_CLIENT");

  /** The end that is connected to. */
  static final OptionGroup WS_SERVER = OptionGroup.own("WS_SERVER");

  private static final List<Option<?>> BOTH = new ArrayList<>();
  private static final List<Option<?>> CLIENT = new ArrayList<>();
  private static final List<Option<?>> SERVER = new ArrayList<>();

  static final Option<Boolean> TEXT =
      Option.row("text", OptionType.BOOL, Phase.SPECIFIC, WS)
          .help("sends text messages, which must be UTF-8, in place of binary ones")
          .from("RFC 6455, 5.6")
          .in(BOTH);
  static final Option<String> SUBPROTOCOL =
      Option.row("subprotocol", OptionType.STRING, Phase.SPECIFIC, WS)
          .help(
              "subprotocol to ask for; a server may have several, of which clients must offer one")
          .from("RFC 6455, 1.9")
          .in(BOTH);
  static final Option<Duration> PING =
      Option.row("ping", OptionType.TIMEVAL, Phase.SPECIFIC, WS)
          .help("sends a ping after this many seconds without data")
          .from("RFC 6455, 5.5.2")
          .in(BOTH);
  static final Option<Long> MAX_MESSAGE =
      Option.row("max-message", OptionType.SIZE_T, Phase.SPECIFIC, WS)
          .help(
              "the largest message, in bytes, that is kept in one piece for the other side; 1048576 if none")
          .in(BOTH);
  static final Option<Boolean> KEEP_OPEN =
      Option.row("keep-open", OptionType.BOOL, Phase.SPECIFIC, WS)
          .help("does not close the connection at the end of data: WebSocket has no half-close")
          .in(BOTH);
  static final Option<String> BASIC_AUTH =
      Option.row("basic-auth", OptionType.STRING, Phase.SPECIFIC, WS)
          .help("user:password for the server, or that clients must give")
          .from("RFC 7617")
          .in(BOTH);
  static final Option<String> BEARER =
      Option.row("bearer", OptionType.STRING, Phase.SPECIFIC, WS)
          .help("token for the server, or that clients must give")
          .from("RFC 6750")
          .in(BOTH);
  static final Option<String> OVER =
      Option.row("over", OptionType.STRING, Phase.SPECIFIC, WS)
          .help("an address to use in place of TCP or TLS, such as UNIX-CONNECT:/run/app.sock")
          .in(BOTH);
  static final Option<String> HEADER =
      Option.row("header", OptionType.STRING, Phase.SPECIFIC, WS_CLIENT)
          .help("a header for the request, as name: value; may be repeated")
          .from("RFC 9110, 5")
          .in(CLIENT);
  static final Option<String> CLIENT_ORIGIN =
      Option.row("origin", OptionType.STRING, Phase.SPECIFIC, WS_CLIENT)
          .help("the origin that the server is told")
          .from("RFC 6454")
          .in(CLIENT);
  static final Option<String> SERVER_ORIGIN =
      Option.row("origin", OptionType.STRING, Phase.SPECIFIC, WS_SERVER)
          .help(
              "an origin whose pages may connect, or * for any; may be repeated. Without it, pages of the same host and port")
          .from("RFC 6454")
          .in(SERVER);
  static final Option<String> FILES =
      Option.row("files", OptionType.STRING, Phase.SPECIFIC, WS_SERVER)
          .help("a folder whose files other requests get")
          .in(SERVER);

  private WebOptions() {}

  /** What an address that connects brings. */
  static List<Option<?>> ofClients() {
    return joined(CLIENT);
  }

  /** What an address that listens brings. */
  static List<Option<?>> ofServers() {
    return joined(SERVER);
  }

  private static List<Option<?>> joined(List<Option<?>> more) {
    List<Option<?>> all = new ArrayList<>(BOTH);
    all.addAll(more);
    return all;
  }
}
