package dev.sluice.connector.amqp;

import akka.Done;
import akka.japi.Pair;
import akka.stream.alpakka.amqp.AmqpWriteSettings;
import akka.stream.alpakka.amqp.javadsl.AmqpRpcFlow;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/** Blocks as requests to a queue; their answers come to a queue of this connection alone. */
final class Requester {
  private final Queue queue;
  private final Framing framing;

  Requester(Queue queue) {
    this.queue = queue;
    this.framing = Framing.of(queue.options());
  }

  /** The halves of one session. The source ends with the answer to the last request. */
  StreamChannel.Halves halves() {
    Options options = queue.options();
    AmqpWriteSettings settings =
        AmqpWriteSettings.create(queue.provider())
            .withExchange(options.get(AmqpOptions.EXCHANGE, ""))
            .withRoutingKey(options.get(AmqpOptions.ROUTING_KEY, queue.place().name()));
    Pair<Pair<Subscriber<ByteString>, CompletionStage<Done>>, Publisher<ByteString>> running =
        Source.<ByteString>asSubscriber()
            .via(AmqpRpcFlow.createSimple(settings, 1))
            .watchTermination(Keep.both())
            .toMat(Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .run(ConnectorSystem.materializer());
    Sink<ByteString, CompletionStage<Done>> requests =
        MessageSplitter.messages(options)
            .map(Message::payload)
            .to(Sink.fromSubscriber(running.first().first()))
            .mapMaterializedValue(any -> running.first().second());
    return new StreamChannel.Halves(
        Source.fromPublisher(running.second())
            .map(answer -> framing.join(List.of(Message.of(answer)))),
        requests);
  }
}
