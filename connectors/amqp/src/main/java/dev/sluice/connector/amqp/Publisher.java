package dev.sluice.connector.amqp;

import akka.Done;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import dev.sluice.connector.kit.CountedDone;
import dev.sluice.connector.kit.Message;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A channel whose broker confirms what it is given: once a message is on its disk, or with all
 * consumers. See RabbitMQ, "Consumer Acknowledgements and Publisher Confirms". Alpakka's flow
 * counts messages, whatever their size; this counts blocks.
 */
final class Publisher {
  /** Kept by a broker that is started again, as the queues that are declared here. */
  private static final BasicProperties KEPT = MessageProperties.MINIMAL_PERSISTENT_BASIC;

  private final Channel channel;
  private final String exchange;
  private final String routingKey;

  /** What is not confirmed, by the broker's number of it. */
  private final NavigableMap<Long, CountedDone> unconfirmed = new TreeMap<>();

  private Publisher(Channel channel, String exchange, String routingKey) {
    this.channel = channel;
    this.exchange = exchange;
    this.routingKey = routingKey;
  }

  /** Opens a channel; blocks. */
  static Publisher open(Queue queue) throws IOException {
    Channel channel = queue.connection().createChannel();
    String exchange = queue.options().get(AmqpOptions.EXCHANGE, "");
    String routingKey = queue.options().get(AmqpOptions.ROUTING_KEY, queue.place().name());
    Publisher publisher = new Publisher(channel, exchange, routingKey);
    channel.confirmSelect();
    channel.addConfirmListener(
        (number, all) -> publisher.confirmed(number, all, null),
        (number, all) -> publisher.confirmed(number, all, refused()));
    channel.addReturnListener(
        message ->
            publisher.failAll(
                new IllegalStateException(
                    "no queue takes messages for \"" + message.getRoutingKey() + "\"")));
    channel.addShutdownListener(publisher::failAll);
    return publisher;
  }

  /** The broker says that it does not have a message. */
  static IllegalStateException refused() {
    return new IllegalStateException("the broker did not take a message");
  }

  /** Sends messages in their order; done once the broker has confirmed each. */
  CompletionStage<Done> publish(List<Message> messages) {
    CountedDone done = new CountedDone(messages.size());
    for (Message message : messages) {
      synchronized (unconfirmed) {
        unconfirmed.put(channel.getNextPublishSeqNo(), done);
      }
      try {
        // who names a queue wants the message there; an exchange may drop it
        channel.basicPublish(
            exchange,
            message.fact("routingKey", routingKey),
            exchange.isEmpty(),
            KEPT,
            message.payload().toArrayUnsafe());
      } catch (IOException | ShutdownSignalException e) {
        failAll(e);
      }
    }
    return done.all();
  }

  private void confirmed(long number, boolean all, @Nullable Throwable failure) {
    synchronized (unconfirmed) {
      NavigableMap<Long, CountedDone> those =
          all ? unconfirmed.headMap(number, true) : unconfirmed.subMap(number, true, number, true);
      those.values().forEach(done -> done.one(failure));
      those.clear();
    }
  }

  private void failAll(Throwable failure) {
    synchronized (unconfirmed) {
      unconfirmed.values().forEach(done -> done.one(failure));
      unconfirmed.clear();
    }
  }
}
