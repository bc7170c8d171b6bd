package dev.sluice.connector.kafka;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** An open topic. */
final class Topic {
  private Topic() {}

  /** Opens what an address names: the brokers are asked now, so that what is wrong is told now. */
  static CompletionStage<StreamChannel> open(OpenContext context) {
    return context.blocking(() -> ask(context)); // files are read, and the brokers answer late
  }

  private static StreamChannel ask(OpenContext context) throws Exception {
    Settings settings = Settings.of(context);
    Map<String, String> producer =
        settings.producer(); // what is wrong is told before anybody is asked
    Direction direction = context.direction();
    Plan plan = Plan.ask(settings, direction.reads(), direction.writes());
    int blockSize = context.settings().blockSize();
    TopicReader reader = direction.reads() ? new TopicReader(settings, plan, blockSize) : null;
    Sender sender =
        direction.writes()
            ? Plan.within(settings, () -> Sender.open(producer, settings.target()))
            : null;
    TopicWriter writer = sender == null ? null : new TopicWriter(settings, sender, blockSize);
    StreamChannel channel =
        StreamChannel.of(
                direction,
                (materializer, other) ->
                    new StreamChannel.Halves(
                        reader == null ? null : reader.source(other.boundary()),
                        writer == null ? null : writer.sink(other.acknowledges())))
            .boundary(Boundary.SEQPACKET);
    if (sender != null) {
      channel = channel.onClose(() -> context.blockingIo().execute(sender::close));
    }
    return reader != null && reader.acknowledges() ? channel.acknowledging() : channel;
  }
}
