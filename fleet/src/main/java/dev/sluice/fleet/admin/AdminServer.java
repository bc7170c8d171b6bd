package dev.sluice.fleet.admin;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.event.NoLogging;
import akka.http.javadsl.Http;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.settings.ServerSettings;
import akka.stream.KillSwitches;
import akka.stream.TLSProtocol;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.TLSPlacebo;
import akka.util.ByteString;
import dev.sluice.os.PeerCredentials;
import dev.sluice.relay.Connectors;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * HTTP/1.1 on a listening address: Akka HTTP's server layer over our own connectors. At most 64
 * connections are served at once, the others wait; what may be asked is bounded by {@code
 * akka.http.parsing}.
 */
final class AdminServer {
  private static final int CONNECTIONS = 64;
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final ActorSystem<?> system;
  private final BiFunction<HttpRequest, Optional<PeerCredentials>, CompletionStage<HttpResponse>>
      api;

  AdminServer(
      ActorSystem<?> system,
      BiFunction<HttpRequest, Optional<PeerCredentials>, CompletionStage<HttpResponse>> api) {
    this.system = system;
    this.api = api;
  }

  /**
   * A server that listens.
   *
   * @param address completed with the address once it listens; fails when it can't
   * @param stop has it listen no more
   */
  record Listening(CompletionStage<String> address, UniqueKillSwitch stop) {}

  Listening listen(String address) {
    return Connectors.of(system)
        .listen(address)
        .viaMat(KillSwitches.single(), (bound, stop) -> new Listening(bound, stop))
        .mapAsyncUnordered(CONNECTIONS, this::serve)
        .to(Sink.ignore())
        .run(system);
  }

  /** Serves one connection; completed when it has ended, however it did. */
  private CompletionStage<NotUsed> serve(Connectors.Connection connection) {
    // the layer is found only now, so that a fleet that nobody asks does not load it
    BidiFlow<HttpResponse, ByteString, ByteString, HttpRequest, NotUsed> http =
        Http.get(system)
            .serverLayer(
                ServerSettings.create(system.classicSystem()),
                Optional.empty(),
                NoLogging.getInstance())
            .atop(placebo())
            .atop(BidiFlow.bidirectionalIdleTimeout(IDLE));
    return Flow.of(HttpRequest.class)
        .mapAsync(1, request -> api.apply(request, connection.peer()))
        .watchTermination(Keep.right())
        .join(http.join(connection.flow()))
        .run(system)
        .handle((done, failure) -> NotUsed.getInstance());
  }

  @SuppressWarnings("unchecked") // what is decrypted are bytes of a session, and nothing else
  private static BidiFlow<
          TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>
      placebo() {
    return (BidiFlow<
            TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }
}
