package dev.sluice.fleet.admin;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask over TCP: who knows the token (RFC 6750), where there is one. A page of a browser
 * can't ask in its user's name: {@code Host} must be a number, localhost or a name that the file
 * allows, so that no other name leads here, and {@code Origin} must be the same host.
 *
 * @param token what must be known; null where the address checks certificates
 * @param hosts names that the fleet may be called, in small letters
 */
record RemoteAccess(@Nullable String token, Set<String> hosts) {
  /** Why a request is refused: its status and a text; empty when it is not. */
  Optional<String> refusal(HttpRequest request) {
    String host = hostOf("http://" + header(request, "host"));
    if (!isOurs(host)) {
      return Optional.of("403 host \"" + host + "\" is not one that this fleet is called");
    }
    String origin = header(request, "origin");
    if (!origin.isEmpty() && !hostOf(origin).equals(host)) {
      return Optional.of("403 pages of " + origin + " may not ask");
    }
    if (token != null && !isKnown(header(request, "authorization"), token)) {
      return Optional.of("401 needs Authorization: Bearer, and the token");
    }
    return Optional.empty();
  }

  private boolean isOurs(String host) {
    return host.equals("localhost")
        || host.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        || host.startsWith("[")
        || hosts.contains(host);
  }

  /** Takes as long whatever the first wrong character is. */
  private static boolean isKnown(String authorization, String token) {
    String given =
        authorization.regionMatches(true, 0, "Bearer ", 0, 7) ? authorization.substring(7) : "";
    return MessageDigest.isEqual(
        given.trim().getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
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
