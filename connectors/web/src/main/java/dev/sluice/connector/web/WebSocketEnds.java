package dev.sluice.connector.web;

import akka.Done;
import akka.NotUsed;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.OpenContext;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.OpenSink;
import dev.sluice.connector.kit.Patient;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * The messages of one WebSocket connection, both ways, ready for a session. The connection itself
 * runs in the connector's actor system.
 */
final class WebSocketEnds {
  private final Subscriber<ByteString> toSend;
  private final Publisher<Received> received;
  private final UniqueKillSwitch close;
  private final Flow<Received, ByteString, ?> flow;

  /** Completed when the connection beneath is closed. */
  private final CompletableFuture<Done> closed = new CompletableFuture<>();

  private final CompletableFuture<Optional<ByteString>> openEnd = new CompletableFuture<>();
  private final boolean text;
  private final boolean keepOpen;
  private final long largest;
  private final Optional<Duration> ping;
  private volatile boolean connected;

  WebSocketEnds(OpenContext context) {
    text = context.options().isOn(WebOptions.TEXT);
    keepOpen = context.options().isOn(WebOptions.KEEP_OPEN);
    ping = context.options().find(WebOptions.PING);
    largest = context.options().get(WebOptions.MAX_MESSAGE, 1L << 20);
    Materializer materializer = ConnectorSystem.materializer();
    Pair<Pair<Subscriber<ByteString>, UniqueKillSwitch>, Source<ByteString, NotUsed>> out =
        Source.<ByteString>asSubscriber()
            .viaMat(KillSwitches.single(), Keep.both())
            .preMaterialize(materializer);
    Pair<Publisher<Received>, Sink<Received, NotUsed>> in =
        Flow.of(Received.class)
            .via(new Patient<>())
            .toMat(Sink.<Received>asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.right())
            .preMaterialize(materializer);
    toSend = out.first().first();
    close = out.first().second();
    received = in.first();
    flow = Flow.fromSinkAndSource(in.second(), out.second());
  }

  /** What the connection beneath gives and takes: what has come, and blocks to be sent. */
  Flow<Received, ByteString, ?> flow() {
    return flow;
  }

  /** The frames of the connection, once its handshake is over. */
  BidiFlow<ByteString, ByteString, ByteString, Received, NotUsed> frames(boolean isClient) {
    return BidiFlow.fromGraph(new Frames(isClient, text, ping));
  }

  /** The connection beneath is closed. */
  void closed() {
    closed.complete(Done.getInstance());
  }

  /** The connection as a channel; closing it before it is used closes the connection. */
  StreamChannel channel(Direction direction) {
    return StreamChannel.of(direction, (materializer, other) -> halves(direction, other))
        .boundary(Boundary.SEQPACKET)
        .farewell(this::leave)
        .onClose(this::close);
  }

  /** Both halves for the session; to be called once. */
  StreamChannel.Halves halves(Direction direction, StreamChannel.OtherSide other) {
    connected = true;
    Materializer own = ConnectorSystem.materializer();
    Source<ByteString, ?> source =
        Source.fromPublisher(received).via(Messages.received(other.boundary(), largest));
    if (!direction.reads()) {
      source.runWith(Sink.ignore(), own);
    }
    return new StreamChannel.Halves(
        direction.reads() ? source : null, direction.writes() ? sink() : null);
  }

  /** Done once its upstream is, and the connection is closed unless it is to stay open. */
  private Sink<ByteString, CompletionStage<Done>> sink() {
    Flow<ByteString, ByteString, CompletionStage<Done>> messages =
        Flow.of(ByteString.class)
            .watchTermination((none, done) -> done)
            .via(new OpenSink())
            .via(Messages.toSend(text));
    if (keepOpen) {
      return messages
          .concatLazy(Source.completionStage(openEnd).mapConcat(end -> List.<ByteString>of()))
          .to(Sink.fromSubscriber(toSend));
    }
    return messages
        .to(Sink.fromSubscriber(toSend))
        .mapMaterializedValue(done -> done.thenCombine(closed, (ended, gone) -> ended));
  }

  /** Closes a connection that was kept open; done once that is closed. */
  CompletionStage<?> leave() {
    openEnd.complete(Optional.empty());
    return keepOpen ? closed : CompletableFuture.completedStage(Done.getInstance());
  }

  /** The session is over; a connection that it never used is closed. */
  void close() {
    openEnd.complete(Optional.empty());
    if (!connected) {
      close.shutdown();
    }
  }
}
