package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.HTTP;
import static dev.sluice.option.OptionGroup.OPENSSL;
import static dev.sluice.option.OptionGroup.SOCKS;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.TIMEVAL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Options of what is agreed with a proxy, or by one, before data flows. */
public final class ProxyOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Duration> HANDSHAKE_TIMEOUT =
      row("handshake-timeout", TIMEVAL, Phase.LATE, OPENSSL, SOCKS, HTTP)
          .help("seconds for all that is said before data flows; as connect-timeout, or 30")
          .in(ROWS);
  public static final Option<String> PROXYPORT =
      row("proxyport", STRING, Phase.LATE, HTTP).help("port of the proxy, 8080 if none").in(ROWS);
  public static final Option<String> PROXY_AUTHORIZATION =
      row("proxy-authorization", STRING, Phase.LATE, HTTP)
          .aka("proxy-auth", "proxyauth")
          .help("user:password for the proxy, or that clients must give")
          .from("RFC 7617")
          .in(ROWS);
  public static final Option<String> PROXY_AUTHORIZATION_FILE =
      row("proxy-authorization-file", STRING, Phase.LATE, HTTP)
          .aka("proxyauthfile")
          .help("file that holds user:password")
          .in(ROWS);
  public static final Option<Boolean> PROXY_RESOLVE =
      row("proxy-resolve", BOOL, Phase.LATE, HTTP)
          .aka("resolv", "resolve")
          .help("looks the target's name up here, not at the proxy")
          .in(ROWS);
  public static final Option<Boolean> IGNORECR =
      row("ignorecr", BOOL, Phase.LATE, HTTP)
          .help("takes lines of the proxy's answer that end without carriage return")
          .in(ROWS);
  public static final Option<String> HTTP_VERSION =
      row("http-version", STRING, Phase.LATE, HTTP)
          .help("version in the request, 1.0 if none")
          .from("RFC 9110")
          .in(ROWS);
  public static final Option<String> SOCKSPORT =
      row("socksport", STRING, Phase.LATE, SOCKS)
          .help("port of the SOCKS server, 1080 if none")
          .in(ROWS);
  public static final Option<String> SOCKSUSER =
      row("socksuser", STRING, Phase.LATE, SOCKS)
          .help("user for the SOCKS server, or that clients must give")
          .in(ROWS);
  public static final Option<String> SOCKSPASS =
      row("sockspass", STRING, Phase.LATE, SOCKS)
          .help("password of that user")
          .from("RFC 1929")
          .in(ROWS);

  private ProxyOptions() {}
}
