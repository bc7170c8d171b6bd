package dev.sluice.connector.kafka;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import java.util.concurrent.CompletionStage;

/** An open topic. */
final class Topic {
  private Topic() {}

  /** Opens what an address names: the brokers are asked now, so that what is wrong is told now. */
  static CompletionStage<StreamChannel> open(OpenContext context) {
    return context.preparing(() -> ask(context)); // files are read, and the brokers answer late
  }

  private static StreamChannel ask(OpenContext context) throws Exception {
    Settings settings = Settings.of(context);
    settings.producer(); // what is wrong with the options is told before anybody is asked
    Direction direction = context.direction();
    Plan plan = Plan.ask(settings, direction.reads(), direction.writes());
    return channel(settings, plan, direction, context.settings().blockSize());
  }

  private static StreamChannel channel(
      Settings settings, Plan plan, Direction direction, int blockSize) {
    TopicReader reader = new TopicReader(settings, plan);
    TopicWriter writer = new TopicWriter(settings, blockSize);
    StreamChannel channel =
        StreamChannel.of(
                direction,
                (materializer, other) ->
                    new StreamChannel.Halves(
                        direction.reads() ? reader.source(other.boundary()) : null,
                        direction.writes() ? writer.sink(other.acknowledges()) : null))
            .boundary(Boundary.SEQPACKET);
    return reader.acknowledges() ? channel.acknowledging() : channel;
  }
}
