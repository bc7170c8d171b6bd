package dev.sluice.addresses.proxy;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.HTTP;
import static dev.sluice.option.OptionGroup.HTTP_SERVER;
import static dev.sluice.option.OptionGroup.SOCKS;
import static dev.sluice.option.OptionGroup.SOCKS_SERVER;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.STRING;

import dev.sluice.option.Option;
import dev.sluice.option.Phase;
import java.util.ArrayList;
import java.util.List;

/** Options of what is agreed with a proxy, or by one, before data flows. */
public final class ProxyOptions {
  /** All of them. */
  public static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<String> PROXYPORT =
      row("proxyport", STRING, Phase.LATE, HTTP).help("port of the proxy, 8080 if none").in(ROWS);
  public static final Option<String> PROXY_AUTHORIZATION =
      row("proxy-authorization", STRING, Phase.LATE, HTTP, HTTP_SERVER)
          .aka("proxy-auth", "proxyauth")
          .help("user:password for the proxy, or that clients must give")
          .from("RFC 7617")
          .in(ROWS);
  public static final Option<String> PROXY_AUTHORIZATION_FILE =
      row("proxy-authorization-file", STRING, Phase.LATE, HTTP, HTTP_SERVER)
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
      row("socksuser", STRING, Phase.LATE, SOCKS, SOCKS_SERVER)
          .help("user for the SOCKS server, or that clients must give")
          .in(ROWS);
  public static final Option<String> SOCKSPASS =
      row("sockspass", STRING, Phase.LATE, SOCKS, SOCKS_SERVER)
          .help("password of that user")
          .from("RFC 1929")
          .in(ROWS);

  public static final Option<TargetPattern> ALLOW =
      row("allow", TargetPattern.TYPE, Phase.LATE, SOCKS_SERVER, HTTP_SERVER)
          .help(
              "a target that clients may ask for: HOST, *.DOMAIN, NETWORK/BITS or *, with :PORT or :FROM-TO if wanted; may be repeated")
          .in(ROWS);
  public static final Option<TargetPattern> DENY =
      row("deny", TargetPattern.TYPE, Phase.LATE, SOCKS_SERVER, HTTP_SERVER)
          .help(
              "a target that clients may not ask for, written as with allow, which it overrules; may be repeated")
          .in(ROWS);

  private ProxyOptions() {}
}
