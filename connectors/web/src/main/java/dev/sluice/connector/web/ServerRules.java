package dev.sluice.connector.web;

import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.RawHeader;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which requests a server takes.
 *
 * @param path the only one that clients may ask for; empty for any
 * @param origins whose pages may connect; empty for those of the same host and port
 * @param credentials what the header Authorization must be one of; empty for anything
 * @param subprotocols of which clients must offer one; empty for anything
 * @param files what is served beside; null for none
 */
record ServerRules(
    String path,
    List<String> origins,
    List<String> credentials,
    List<String> subprotocols,
    @Nullable StaticFiles files) {
  static ServerRules of(Options options, String path) {
    List<String> credentials = new ArrayList<>();
    for (String basic : options.all(WebOptions.BASIC_AUTH)) {
      if (basic.indexOf(':') < 0) {
        throw OpenFailure.lasting("option basic-auth is not user:password");
      }
      byte[] bytes = basic.getBytes(StandardCharsets.UTF_8);
      credentials.add("Basic " + Base64.getEncoder().encodeToString(bytes));
    }
    options.all(WebOptions.BEARER).forEach(token -> credentials.add("Bearer " + token));
    return new ServerRules(
        path,
        options.all(WebOptions.SERVER_ORIGIN),
        credentials,
        options.all(WebOptions.SUBPROTOCOL),
        options.find(WebOptions.FILES).map(ServerRules::files).orElse(null));
  }

  private static StaticFiles files(String folder) {
    try {
      return new StaticFiles(Path.of(folder));
    } catch (IOException e) {
      throw OpenFailure.lasting("option files=" + folder + ": there is no such folder");
    }
  }

  /** The answer to a request that asks for no WebSocket. */
  CompletionStage<HttpResponse> other(HttpRequest request, Executor blockingIo) {
    StaticFiles from = files;
    Optional<Refusal> stranger = strangers(request);
    if (stranger.isPresent() || from == null) {
      return CompletableFuture.completedStage(
          stranger.map(Refusal::response).orElseGet(WebSocketServer::upgradeRequired));
    }
    return CompletableFuture.supplyAsync(() -> from.answer(request), blockingIo);
  }

  /** A refusal, and why, for the log. */
  record Refusal(HttpResponse response, String why) {}

  /** Why a request is not taken; empty when it is. */
  Optional<Refusal> refusal(HttpRequest request, List<String> offered) {
    Optional<Refusal> stranger = strangers(request);
    if (stranger.isPresent()) {
      return stranger;
    }
    if (!path.isEmpty() && !request.getUri().path().equals(pathOnly())) {
      return refuse(StatusCodes.NOT_FOUND, "path " + request.getUri().path() + " is not served");
    }
    Optional<String> origin = header(request, "origin");
    if (origin.isPresent() && !isWelcome(origin.get(), request)) {
      return refuse(StatusCodes.FORBIDDEN, "origin " + origin.get() + " may not connect");
    }
    if (!subprotocols.isEmpty() && subprotocol(offered).isEmpty()) {
      return refuse(
          StatusCodes.BAD_REQUEST, "no subprotocol of " + subprotocols + " among " + offered);
    }
    return Optional.empty();
  }

  /** Why somebody without the right credentials gets nothing. */
  Optional<Refusal> strangers(HttpRequest request) {
    if (credentials.isEmpty() || knows(header(request, "authorization").orElse(""))) {
      return Optional.empty();
    }
    String scheme = credentials.get(0).startsWith("Basic") ? "Basic" : "Bearer";
    HttpResponse response =
        HttpResponse.create()
            .withStatus(StatusCodes.UNAUTHORIZED)
            .addHeader(RawHeader.create("WWW-Authenticate", scheme + " realm=\"sluice\""));
    return Optional.of(new Refusal(response, "wrong credentials, or none"));
  }

  private String pathOnly() {
    int query = path.indexOf('?');
    return query < 0 ? path : path.substring(0, query);
  }

  /** Takes the same time whatever is wrong, so that nothing can be learned from it. */
  private boolean knows(String given) {
    byte[] bytes = given.getBytes(StandardCharsets.UTF_8);
    boolean known = false;
    for (String credential : credentials) {
      known |= MessageDigest.isEqual(credential.getBytes(StandardCharsets.UTF_8), bytes);
    }
    return known;
  }

  private boolean isWelcome(String origin, HttpRequest request) {
    if (!origins.isEmpty()) {
      return origins.contains("*") || origins.contains(origin);
    }
    int authority = origin.indexOf("://");
    String host = header(request, "host").orElse("");
    return authority >= 0 && origin.substring(authority + 3).equalsIgnoreCase(host);
  }

  /** The first of ours that the client offers. */
  Optional<String> subprotocol(List<String> offered) {
    return subprotocols.stream().filter(offered::contains).findFirst();
  }

  private static Optional<String> header(HttpRequest request, String lowerCaseName) {
    for (HttpHeader header : request.getHeaders()) {
      if (header.lowercaseName().equals(lowerCaseName.toLowerCase(Locale.ROOT))) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(StatusCode status, String why) {
    return Optional.of(new Refusal(HttpResponse.create().withStatus(status), why));
  }
}
