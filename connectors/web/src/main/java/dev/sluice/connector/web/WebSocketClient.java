package dev.sluice.connector.web;

import akka.NotUsed;
import akka.actor.Cancellable;
import akka.event.NoLogging;
import akka.http.impl.engine.ws.WebSocketClientBlueprint;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.headers.Authorization;
import akka.http.javadsl.model.headers.RawHeader;
import akka.http.javadsl.model.ws.WebSocketRequest;
import akka.http.javadsl.model.ws.WebSocketUpgradeResponse;
import akka.http.javadsl.settings.ClientConnectionSettings;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.util.ByteString;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.Beneath;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Opened;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import dev.sluice.option.SocketOptions;
import dev.sluice.stream.ChannelStreams;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.FutureConverters;

/** Asks a server for a WebSocket connection. */
final class WebSocketClient {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final OpenContext context;
  private final String shown;
  private final WebSocketRequest request;

  private WebSocketClient(OpenContext context, String uri) {
    this.context = context;
    this.shown = context.address().spec().head();
    this.request = request(uri, context.options());
  }

  /**
   * Opens an address.
   *
   * @param scheme ws or wss
   * @param beneath the keyword of the address that it runs over
   */
  static CompletionStage<StreamChannel> open(
      OpenContext context, String scheme, String beneath, int defaultPort) {
    WebTarget target = WebTarget.of(context, defaultPort);
    WebSocketClient client = new WebSocketClient(context, target.uri(scheme));
    Optional<String> over = context.options().find(WebOptions.OVER);
    CompletionStage<? extends Opened> opening =
        over.isPresent()
            ? Beneath.open(context, over.get())
            : Beneath.open(context, beneath, target.host(), target.port());
    return opening.thenCompose(opened -> client.upgrade((Channel) opened));
  }

  private static WebSocketRequest request(String uri, Options options) {
    try {
      WebSocketRequest request = WebSocketRequest.create(uri);
      for (String header : options.all(WebOptions.HEADER)) {
        request = request.addHeader(header(header));
      }
      Optional<String> basic = options.find(WebOptions.BASIC_AUTH);
      if (basic.isPresent()) {
        int colon = basic.get().indexOf(':');
        if (colon < 0) {
          throw OpenFailure.lasting("option basic-auth is not user:password");
        }
        request =
            request.addHeader(
                Authorization.basic(
                    basic.get().substring(0, colon), basic.get().substring(colon + 1)));
      }
      Optional<String> bearer = options.find(WebOptions.BEARER);
      if (bearer.isPresent()) {
        request = request.addHeader(Authorization.oauth2(bearer.get()));
      }
      Optional<String> origin = options.find(WebOptions.CLIENT_ORIGIN);
      if (origin.isPresent()) {
        request = request.addHeader(RawHeader.create("Origin", origin.get()));
      }
      List<String> subprotocols = options.all(WebOptions.SUBPROTOCOL);
      if (subprotocols.size() > 1) {
        throw OpenFailure.lasting("a client asks for one subprotocol, not for several");
      }
      return subprotocols.isEmpty() ? request : request.requestSubprotocol(subprotocols.get(0));
    } catch (IllegalArgumentException | akka.http.scaladsl.model.IllegalUriException e) {
      throw OpenFailure.lasting(
          "\"" + uri + "\" is no address of a WebSocket server: " + e.getMessage());
    }
  }

  /** A header as the user writes it. */
  static HttpHeader header(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw OpenFailure.lasting("option header=\"" + text + "\" is not name: value");
    }
    return RawHeader.create(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
  }

  /** Asks for the connection, then leaves its bytes to others. */
  private BidiFlow<
          ByteString, ByteString, ByteString, ByteString, CompletionStage<WebSocketUpgradeResponse>>
      handshake() {
    ClientConnectionSettings settings =
        ClientConnectionSettings.create(ConnectorSystem.get().classicSystem())
            .withIdleTimeout(scala.concurrent.duration.Duration.Inf());
    return new BidiFlow<>(
            WebSocketClientBlueprint.handshake(
                request.asScala(),
                (akka.http.scaladsl.settings.ClientConnectionSettings) settings,
                NoLogging.getInstance()))
        .reversed()
        .mapMaterializedValue(
            response ->
                FutureConverters.asJava(response).thenApply(WebSocketUpgradeResponse::adapt));
  }

  private CompletionStage<StreamChannel> upgrade(Channel channel) {
    WebSocketEnds ends = new WebSocketEnds(context);
    CompletableFuture<WebSocketUpgradeResponse> answer = new CompletableFuture<>();
    Channel watched =
        channel.onClose(
            () -> {
              ends.closed();
              answer.completeExceptionally(
                  new IllegalStateException("the connection was closed before an answer came"));
            });
    Flow<ByteString, ByteString, NotUsed> bytes =
        new ChannelStreams(context.poller(), context.waiting(), context.settings().blockSize())
            .flow(watched);
    Flow<ByteString, Received, CompletionStage<WebSocketUpgradeResponse>> connection =
        ends.frames(true)
            .atop(handshake(), Keep.right())
            .join(bytes)
            .watchTermination(
                (response, done) -> {
                  done.whenComplete((end, failure) -> fail(answer, failure));
                  return response;
                });
    ends.flow()
        .joinMat(connection, Keep.right())
        .run(ConnectorSystem.materializer())
        .thenAccept(answer::complete);
    Cancellable limit = ConnectorSystem.after(patience(), () -> fail(answer, silence()));
    context.abandoned().whenComplete((none, failure) -> fail(answer, failure));
    return answer.handle(
        (response, failure) -> {
          limit.cancel();
          if (failure != null) {
            ends.close();
          }
          return agreed(ends, response, failure);
        });
  }

  private static void fail(CompletableFuture<?> answer, @Nullable Throwable failure) {
    if (failure != null) {
      answer.completeExceptionally(failure);
    }
  }

  private Duration patience() {
    Options options = context.options();
    return options
        .find(SocketOptions.HANDSHAKE_TIMEOUT)
        .or(() -> options.find(SocketOptions.CONNECT_TIMEOUT))
        .orElse(PATIENCE);
  }

  private IllegalStateException silence() {
    return new IllegalStateException("no answer came within " + patience().toSeconds() + " s");
  }

  private StreamChannel agreed(
      WebSocketEnds ends,
      @Nullable WebSocketUpgradeResponse response,
      @Nullable Throwable failure) {
    if (response == null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      throw OpenFailure.retryable(shown + ": " + (cause == null ? "closed" : cause.getMessage()));
    }
    if (!response.isValid()) {
      ends.close();
      throw OpenFailure.retryable(shown + ": refused, " + response.response().status());
    }
    return ends.channel(context.direction());
  }
}
