package dev.sluice.connector.web;

import akka.Done;
import akka.http.javadsl.model.ws.Message;
import akka.japi.Pair;
import akka.stream.KillSwitches;
import akka.stream.Materializer;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.AsPublisher;
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
  private final Subscriber<Message> toSend;
  private final Publisher<Message> received;
  private final UniqueKillSwitch close;
  private final Flow<Message, Message, ?> flow;

  /** Completed when the connection beneath is closed. */
  private final CompletableFuture<Done> closed = new CompletableFuture<>();

  private final CompletableFuture<Optional<Message>> openEnd = new CompletableFuture<>();
  private final boolean text;
  private final boolean keepOpen;
  private final long largest;
  private volatile boolean connected;

  WebSocketEnds(OpenContext context) {
    text = context.options().isOn(WebOptions.TEXT);
    keepOpen = context.options().isOn(WebOptions.KEEP_OPEN);
    largest = context.options().get(WebOptions.MAX_MESSAGE, 1L << 20);
    Materializer materializer = ConnectorSystem.materializer();
    Pair<Pair<Subscriber<Message>, UniqueKillSwitch>, Source<Message, akka.NotUsed>> out =
        Source.<Message>asSubscriber()
            .viaMat(KillSwitches.single(), Keep.both())
            .preMaterialize(materializer);
    Pair<Publisher<Message>, Sink<Message, akka.NotUsed>> in =
        Flow.of(Message.class)
            .via(new Patient<>())
            .toMat(Sink.<Message>asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.right())
            .preMaterialize(materializer);
    toSend = out.first().first();
    close = out.first().second();
    received = in.first();
    flow = Flow.fromSinkAndSource(in.second(), out.second());
  }

  /** What the layer beneath exchanges: it gives what has come, and takes what is to be sent. */
  Flow<Message, Message, ?> flow() {
    return flow;
  }

  /** The connection beneath is closed. */
  void closed() {
    closed.complete(Done.getInstance());
  }

  /** The connection as a channel; closing it before it is used closes the connection. */
  StreamChannel channel(Direction direction) {
    return StreamChannel.of(direction, (materializer, other) -> halves(direction, other))
        .boundary(Boundary.SEQPACKET)
        .onClose(this::close);
  }

  /** Both halves for the session; to be called once. */
  StreamChannel.Halves halves(Direction direction, StreamChannel.OtherSide other) {
    connected = true;
    Materializer own = ConnectorSystem.materializer();
    Source<ByteString, ?> source =
        Source.fromPublisher(received).via(Messages.received(other.boundary(), largest, own));
    if (!direction.reads()) {
      source.runWith(Sink.ignore(), own);
    }
    return new StreamChannel.Halves(
        direction.reads() ? source : null, direction.writes() ? sink() : null);
  }

  /** Done once its upstream is, and the connection is closed unless it is to stay open. */
  private Sink<ByteString, CompletionStage<Done>> sink() {
    Flow<ByteString, Message, CompletionStage<Done>> messages =
        Flow.of(ByteString.class)
            .watchTermination((none, done) -> done)
            .via(new OpenSink())
            .via(Messages.toSend(text));
    if (keepOpen) {
      return messages
          .concat(Source.completionStage(openEnd).mapConcat(end -> java.util.List.<Message>of()))
          .to(Sink.fromSubscriber(toSend));
    }
    return messages
        .to(Sink.fromSubscriber(toSend))
        .mapMaterializedValue(done -> done.thenCombine(closed, (ended, gone) -> ended));
  }

  /** The session is over; a connection that it never used is closed. */
  void close() {
    openEnd.complete(Optional.empty());
    if (!connected) {
      close.shutdown();
    }
  }
}
