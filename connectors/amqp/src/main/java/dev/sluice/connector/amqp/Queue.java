package dev.sluice.connector.amqp;

import akka.stream.Materializer;
import akka.stream.alpakka.amqp.AmqpConnectionProvider;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Place;
import dev.sluice.connector.kit.Tls;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

/**
 * An open queue: one connection to the broker, which is closed with the address.
 *
 * @param messages how many lay in the queue when it was opened
 * @param blockSize bytes of one read of the other side
 */
record Queue(
    Connection connection,
    Place place,
    Options options,
    long messages,
    int blockSize,
    Executor blocking) {
  private static final int CONNECT_MILLIS = 10_000;

  /** Opens what an address names. */
  static CompletionStage<StreamChannel> open(OpenContext context, boolean tls) {
    Place place = Place.of(context, tls ? 5671 : 5672);
    if (place.name().isEmpty() && !context.options().has(AmqpOptions.EXCHANGE)) {
      throw OpenFailure.lasting(context.address().spec().head() + " names no queue");
    }
    boolean answers = context.options().isOn(AmqpOptions.REPLY);
    boolean asks = context.options().isOn(AmqpOptions.REQUEST);
    if (answers && asks) {
      throw OpenFailure.lasting("AMQP: options request and reply exclude each other");
    }
    if ((answers || asks) && context.direction() != Direction.BOTH) {
      throw OpenFailure.lasting(
          "AMQP: option " + (answers ? "reply" : "request") + " needs both directions");
    }
    return context.blocking(() -> connect(context, place, tls));
  }

  private static StreamChannel connect(OpenContext context, Place place, boolean tls) {
    Options options = context.options();
    ConnectionFactory factory = new ConnectionFactory();
    factory.setHost(place.host());
    factory.setPort(place.port());
    factory.setVirtualHost(options.get(AmqpOptions.VHOST, "/"));
    factory.setUsername(options.get(BrokerOptions.USER, "guest"));
    factory.setPassword(BrokerOptions.password(options).orElse("guest"));
    factory.setAutomaticRecoveryEnabled(false); // opening again is the relay's, with its options
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    if (tls) {
      factory.useSslProtocol(Tls.context(options));
      factory.enableHostnameVerification();
    }
    String shown = context.address().spec().head();
    try {
      Connection connection = factory.newConnection("sluice");
      try {
        long messages = declare(connection, place, options, context.direction());
        int blockSize = Math.max(1, context.settings().blockSize());
        return new Queue(connection, place, options, messages, blockSize, context.blockingIo())
            .channel(context.direction());
      } catch (IOException | RuntimeException e) {
        connection.abort();
        throw e;
      }
    } catch (IOException | TimeoutException e) {
      throw OpenFailure.retryable(shown + ": " + reason(e));
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getMessage() == null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String text = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return text.replaceFirst("^.*reply-text=", "").replaceFirst(", class-id=.*$", "");
  }

  /** Looks whether the queue is there, and makes it where that was asked for. */
  private static long declare(
      Connection connection, Place place, Options options, Direction direction)
      throws IOException, TimeoutException {
    String exchange = options.get(AmqpOptions.EXCHANGE, "");
    String queue = place.name();
    try (Channel channel = connection.createChannel()) {
      if (!exchange.isEmpty()) {
        channel.exchangeDeclarePassive(exchange);
      }
      if (queue.isEmpty()) {
        if (direction.reads()) {
          throw OpenFailure.lasting("AMQP: no queue to read from is named");
        }
        return 0;
      }
      if (options.isOn(AmqpOptions.DECLARE)) {
        channel.queueDeclare(queue, true, false, false, null);
        if (!exchange.isEmpty()) {
          channel.queueBind(queue, exchange, options.get(AmqpOptions.ROUTING_KEY, queue));
        }
      }
      return channel.queueDeclarePassive(queue).getMessageCount();
    }
  }

  /** Gives Alpakka the connection, and does not let it close it. */
  AmqpConnectionProvider provider() {
    return new AmqpConnectionProvider() {
      @Override
      public Connection get() {
        return connection;
      }

      @Override
      public void release(Connection used) {}
    };
  }

  private StreamChannel channel(Direction direction) throws IOException {
    StreamChannel channel = streams(direction);
    return channel.boundary(Boundary.SEQPACKET).onClose(() -> blocking.execute(connection::abort));
  }

  private StreamChannel streams(Direction direction) throws IOException {
    if (options.isOn(AmqpOptions.REQUEST)) {
      return StreamChannel.of(direction, materializer -> new Requester(this).halves());
    }
    if (options.isOn(AmqpOptions.REPLY)) {
      return StreamChannel.of(direction, this::answering);
    }
    Publisher publisher = direction.writes() ? Publisher.open(this) : null;
    StreamChannel channel =
        StreamChannel.of(
            direction,
            (materializer, other) ->
                new StreamChannel.Halves(
                    direction.reads() ? new QueueReader(this, null).source(other.boundary()) : null,
                    publisher == null
                        ? null
                        : new QueueWriter(this).sink(publisher, other.acknowledges())));
    return direction.reads() ? channel.acknowledging() : channel;
  }

  private StreamChannel.Halves answering(Materializer materializer, StreamChannel.OtherSide other) {
    Requests requests = new Requests();
    return new StreamChannel.Halves(
        new QueueReader(this, requests).source(other.boundary()),
        new QueueWriter(this).answers(requests));
  }
}
