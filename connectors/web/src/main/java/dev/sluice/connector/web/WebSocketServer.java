package dev.sluice.connector.web;

import akka.NotUsed;
import akka.actor.Cancellable;
import akka.event.NoLogging;
import akka.http.impl.engine.server.UpgradeToOtherProtocolResponseHeader;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.WebSocketUpgrade;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.util.ByteString;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.log.RelayLog;
import dev.sluice.option.SocketOptions;
import dev.sluice.stream.ChannelStreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One connection that a server took: answers requests until one of them asks for a WebSocket, which
 * is then the session's channel. Files, if there are any, are served until then.
 */
final class WebSocketServer {
  /** Akka HTTP wants to be told of messages; none comes to it. */
  private static final Flow<Message, Message, NotUsed> UNUSED = Flow.of(Message.class);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Channel beneath;
  private final OpenContext context;
  private final ServerRules rules;
  private final CompletableFuture<WebSocketEnds> upgraded = new CompletableFuture<>();
  private @Nullable CompletionStage<WebSocketEnds> greeting;
  private volatile String refusal = "no request for a WebSocket came";
  private volatile boolean isReported;

  private WebSocketServer(Channel beneath, OpenContext context, ServerRules rules) {
    this.beneath = beneath;
    this.context = context;
    this.rules = rules;
  }

  /** The channel of a peer that has yet to ask for a WebSocket. */
  static StreamChannel channel(Channel beneath, OpenContext context, ServerRules rules) {
    WebSocketServer server = new WebSocketServer(beneath, context, rules);
    Direction direction = context.direction();
    return StreamChannel.of(
            direction, (materializer, other) -> server.ends().halves(direction, other))
        .boundary(Boundary.SEQPACKET)
        .environment(beneath::environment)
        .greeting(server::greet)
        .farewell(() -> server.ends().leave())
        .onClose(server::close);
  }

  private WebSocketEnds ends() {
    return Objects.requireNonNull(upgraded.getNow(null));
  }

  private synchronized CompletionStage<WebSocketEnds> greet(RelayLog log) {
    if (greeting == null) {
      greeting = beneath.greet(log).thenCompose(channel -> serve(channel, log));
    }
    return greeting;
  }

  private synchronized void close() {
    if (greeting == null) {
      beneath.close();
    } else if (upgraded.isDone() && !upgraded.isCompletedExceptionally()) {
      ends().close();
    } else {
      upgraded.completeExceptionally(OpenFailure.retryable("closed"));
    }
  }

  private CompletionStage<WebSocketEnds> serve(Channel channel, RelayLog log) {
    WebSocketEnds ends = new WebSocketEnds(context);
    Channel watched = channel.onClose(() -> connectionClosed(ends));
    Flow<ByteString, ByteString, NotUsed> bytes =
        new ChannelStreams(context.poller(), context.waiting(), context.settings().blockSize())
            .flow(watched);
    UniqueKillSwitch stop =
        Flow.of(HttpRequest.class)
            .mapAsync(1, request -> answer(request, ends, log))
            .join(
                Http.get(ConnectorSystem.get())
                    .serverLayer(settings(), Optional.empty(), NoLogging.getInstance())
                    .atop(Layers.bytes()))
            .viaMat(KillSwitches.single(), Keep.right())
            .joinMat(bytes, Keep.left())
            .run(ConnectorSystem.materializer());
    Duration patience = context.options().get(SocketOptions.HANDSHAKE_TIMEOUT, PATIENCE);
    OpenFailure silence =
        OpenFailure.retryable(
            "no request for a WebSocket came within " + patience.toSeconds() + " s");
    Cancellable limit =
        ConnectorSystem.after(patience, () -> upgraded.completeExceptionally(silence));
    upgraded.whenComplete(
        (done, failure) -> {
          limit.cancel();
          if (failure != null) {
            stop.shutdown();
          }
        });
    return upgraded;
  }

  /** What comes after the upgrade is no longer a matter of the greeting. */
  private void connectionClosed(WebSocketEnds ends) {
    ends.closed();
    upgraded.completeExceptionally(
        isReported ? OpenFailure.reported(refusal) : OpenFailure.retryable(refusal));
  }

  private ServerSettings settings() {
    return ServerSettings.create(ConnectorSystem.get().classicSystem())
        .withServerHeader(Optional.empty())
        .withDefaultHostHeader(akka.http.javadsl.model.headers.Host.create("sluice"));
  }

  private CompletionStage<HttpResponse> answer(
      HttpRequest request, WebSocketEnds ends, RelayLog log) {
    Optional<WebSocketUpgrade> upgrade = request.getAttribute(AttributeKeys.webSocketUpgrade);
    if (upgrade.isEmpty()) {
      request.discardEntityBytes(ConnectorSystem.materializer());
      return rules.other(request, context.blockingIo()).thenApply(response -> other(response, log));
    }
    List<String> offered = new ArrayList<>();
    upgrade.get().getRequestedProtocols().forEach(offered::add);
    Optional<ServerRules.Refusal> refused = rules.refusal(request, offered);
    if (refused.isPresent()) {
      log.warning("WebSocket request refused: " + refused.get().why());
      refusal = "WebSocket request refused: " + refused.get().why();
      isReported = true;
      return CompletableFuture.completedStage(refused.get().response());
    }
    HttpResponse response =
        rules
            .subprotocol(offered)
            .map(name -> upgrade.get().handleMessagesWith(UNUSED, name))
            .orElseGet(() -> upgrade.get().handleMessagesWith(UNUSED));
    log.info("WebSocket at %s", request.getUri().path());
    upgraded.complete(ends);
    return CompletableFuture.completedStage(withFrames(response, ends));
  }

  /** Akka HTTP answers the handshake; the bytes that follow are ours. */
  private static HttpResponse withFrames(HttpResponse response, WebSocketEnds ends) {
    List<HttpHeader> headers = new ArrayList<>();
    for (HttpHeader header : response.getHeaders()) {
      if (!(header instanceof UpgradeToOtherProtocolResponseHeader)) {
        headers.add(header);
      }
    }
    headers.add(
        UpgradeToOtherProtocolResponseHeader.apply(
            ends.frames(false)
                .reversed()
                .join(ends.flow())
                .mapMaterializedValue(any -> (Object) any)
                .asScala()));
    return response.withHeaders(headers);
  }

  private HttpResponse other(HttpResponse response, RelayLog log) {
    isReported = true;
    refusal = "HTTP request answered, status " + response.status();
    log.info("%s", refusal);
    return response;
  }

  /** What a request gets that asks for no WebSocket where there are no files. */
  static HttpResponse upgradeRequired() {
    return HttpResponse.create()
        .withStatus(StatusCodes.UPGRADE_REQUIRED)
        .addHeader(akka.http.javadsl.model.headers.RawHeader.create("X-Expects", "websocket"))
        .withEntity("a WebSocket is served here\n");
  }
}
