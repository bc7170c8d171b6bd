package dev.sluice.fleet.admin;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.http.javadsl.model.headers.RawHeader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Who may ask over TCP: who knows a token (RFC 6750), or has the cookie that the login page gives
 * to one who does. The cookie is not the token, and is worth nothing once the process has ended.
 *
 * <p>A page of a browser can't ask in its user's name: {@code Host} must be a number, localhost or
 * a name that the file allows, so that no other name leads here, {@code Origin} must be the same
 * host, and the cookie is not sent with requests of other sites (RFC 6265bis, SameSite).
 * Thread-safe.
 */
final class RemoteAccess {
  private static final String COOKIE = "sluice=";

  private final Map<Access, String> tokens;
  private final Set<String> hosts;
  private final SecretKeySpec key;

  /**
   * Makes rules.
   *
   * @param tokens what must be known for each access; none where the address checks certificates,
   *     whose holders may do everything
   * @param hosts names that the fleet may be called, in small letters
   */
  RemoteAccess(Map<Access, String> tokens, Set<String> hosts) {
    this.tokens = Map.copyOf(tokens);
    this.hosts = hosts;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, "HmacSHA256");
  }

  /** Why a request is refused whoever asks; empty when it is not. */
  Optional<Answers.Refused> refusal(HttpRequest request) {
    String host = hostOf("http://" + header(request, "host"));
    if (!isOurs(host)) {
      return Optional.of(
          new Answers.Refused(403, "host \"" + host + "\" is not one that this fleet is called"));
    }
    String origin = header(request, "origin");
    if (!origin.isEmpty() && !hostOf(origin).equals(host)) {
      return Optional.of(new Answers.Refused(403, "pages of " + origin + " may not ask"));
    }
    return Optional.empty();
  }

  /** What the one who asks may do. */
  Access access(HttpRequest request) {
    if (tokens.isEmpty()) {
      return Access.ADMIN;
    }
    String authorization = header(request, "authorization");
    if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return accessOf(authorization.substring(7).trim());
    }
    for (String cookie : header(request, "cookie").split(";", -1)) {
      for (Access level : tokens.keySet()) {
        if (isSame(cookie.trim(), COOKIE + mac(level))) {
          return level;
        }
      }
    }
    return Access.NONE;
  }

  /** What who knows that token may do. */
  private Access accessOf(String token) {
    Access known = Access.NONE;
    for (Map.Entry<Access, String> one : tokens.entrySet()) {
      if (isSame(token, one.getValue()) && one.getKey().covers(known)) {
        known = one.getKey();
      }
    }
    return known;
  }

  /** Answers the form of the login page: the way to the dashboard, or back. */
  HttpResponse login(String form) {
    String token = Query.create(form).get("token").orElse("").trim();
    Access access = accessOf(token);
    if (access == Access.NONE) {
      return redirect("/login#wrong");
    }
    return redirect("/")
        .addHeader(
            RawHeader.create(
                "Set-Cookie", COOKIE + mac(access) + "; Path=/; HttpOnly; SameSite=Strict"));
  }

  /** Has the browser forget its cookie. */
  static HttpResponse logout() {
    return redirect("/login")
        .addHeader(
            RawHeader.create(
                "Set-Cookie", COOKIE + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"));
  }

  static HttpResponse redirect(String path) {
    return HttpResponse.create().withStatus(303).addHeader(RawHeader.create("Location", path));
  }

  private String mac(Access level) {
    try {
      Mac mac = Mac.getInstance(key.getAlgorithm());
      mac.init(key);
      String covered = level + " " + tokens.get(level);
      return HexFormat.of().formatHex(mac.doFinal(covered.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes as long whatever the first wrong character is. */
  private static boolean isSame(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private boolean isOurs(String host) {
    return host.equals("localhost")
        || host.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        || host.startsWith("[")
        || hosts.contains(host);
  }

  private static String header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value).orElse("");
  }

  private static String hostOf(String url) {
    try {
      String host = URI.create(url).getHost();
      return host == null ? "" : host.toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}
