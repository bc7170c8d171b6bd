package dev.sluice.connector.mqtt;

import akka.Done;
import akka.NotUsed;
import akka.stream.KillSwitches;
import akka.stream.SharedKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientBuilder;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.Acknowledging;
import dev.sluice.connector.kit.Acknowledging.Delivery;
import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.CountedDone;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.Message;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.connector.kit.Place;
import dev.sluice.connector.kit.Tls;
import dev.sluice.connector.mqtt.MqttLink.Received;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import io.reactivex.Scheduler;
import io.reactivex.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An open topic: one connection to the broker, which is closed with the address. */
final class MqttTopic {
  private static final long BATCH = 65536;

  /** Blocks of messages that may wait for the broker, which says how many messages it takes. */
  private static final int UNCONFIRMED_BLOCKS = 2;

  /** Messages that may wait in version 3.1.1, where brokers have a limit and cannot say which. */
  private static final int UNCONFIRMED_3 = 10;

  /** What is told is only passed on to a stream: a thread in between would cost more. */
  private static final Scheduler AT_ONCE = Schedulers.from(Runnable::run);

  private final MqttLink link;
  private final Incoming incoming = new Incoming();

  /**
   * Fails when the connection is lost, which the client does not tell while its session may go on.
   */
  private final CompletableFuture<Done> lost = new CompletableFuture<>();

  private final String filter;
  private final String target;
  private final int qos;
  private final Options options;
  private final Framing framing;

  private MqttTopic(Place place, boolean tls, int qos, Options options) {
    this.link = link(place, tls, options, lost);
    this.filter = place.name();
    this.target = options.get(MqttOptions.TO, filter);
    this.qos = qos;
    this.options = options;
    this.framing = Framing.of(options);
  }

  static CompletionStage<StreamChannel> open(OpenContext context, boolean tls) {
    return context // the files that options name are read
        .preparing(() -> connect(context, tls))
        .thenCompose(connected -> connected);
  }

  private static CompletionStage<StreamChannel> connect(OpenContext context, boolean tls) {
    Options options = context.options();
    String shown = context.address().spec().head();
    Place place = Place.of(context, tls ? 8883 : 1883);
    int qos = options.get(MqttOptions.QOS, 1);
    if (place.name().isEmpty() || qos > 2) {
      throw OpenFailure.lasting(
          shown + (qos > 2 ? ": option qos is 0, 1 or 2" : " names no topic"));
    }
    MqttTopic topic = new MqttTopic(place, tls, qos, options);
    boolean writes = context.direction().writes();
    if (writes && topic.target.matches(".*[+#].*")) {
      throw OpenFailure.lasting(
          shown + ": nothing can be written to a filter; option to names a topic, -u only reads");
    }
    topic.link.received().subscribe(topic.incoming);
    onFailure(topic.lost, topic.incoming::onError);
    return topic
        .link
        .connect(topic.wishes())
        .handle((done, failure) -> opened(topic, context, failure));
  }

  private static StreamChannel opened(
      MqttTopic topic, OpenContext context, @org.jspecify.annotations.Nullable Throwable failure) {
    if (failure != null) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      throw OpenFailure.retryable(context.address().spec().head() + ": " + cause.getMessage());
    }
    return topic.channel(context.direction());
  }

  private static MqttLink link(
      Place place, boolean tls, Options options, CompletableFuture<Done> lost) {
    MqttClientBuilder builder =
        MqttClient.builder()
            .serverHost(place.host())
            .serverPort(place.port())
            .addDisconnectedListener(context -> lost.completeExceptionally(context.getCause()))
            .executorConfig()
            .applicationScheduler(AT_ONCE)
            .applyExecutorConfig()
            .identifier(options.get(MqttOptions.CLIENT_ID, "sluice-" + UUID.randomUUID()));
    if (tls) {
      builder =
          builder.sslConfig(
              MqttClientSslConfig.builder()
                  .trustManagerFactory(Tls.trusting(options.find(BrokerOptions.CAFILE)))
                  .keyManagerFactory(Tls.own(options).orElse(null))
                  .build());
    }
    return options.get(MqttOptions.VERSION, 5) == 3
        ? new MqttLink3(builder.useMqttVersion3().build())
        : new MqttLink5(builder.useMqttVersion5().build());
  }

  private MqttLink.Wishes wishes() {
    Optional<String> will = options.find(MqttOptions.WILL);
    if (will.isPresent() && will.get().indexOf('=') <= 0) {
      throw OpenFailure.lasting("option will=" + will.get() + " is not TOPIC=TEXT");
    }
    return new MqttLink.Wishes(
        options.find(BrokerOptions.USER),
        BrokerOptions.password(options),
        will.map(text -> text.substring(0, text.indexOf('='))),
        will.map(text -> text.substring(text.indexOf('=') + 1)),
        options.find(MqttOptions.KEEPALIVE).map(time -> (int) time.toSeconds()).orElse(60),
        options.find(MqttOptions.SESSION).map(time -> time.toSeconds()).orElse(0L));
  }

  private StreamChannel channel(Direction direction) {
    StreamChannel channel =
        StreamChannel.of(
                direction,
                (materializer, other) ->
                    new StreamChannel.Halves(
                        direction.reads() ? source(other.boundary()) : null,
                        direction.writes() ? sink(other.acknowledges()) : null))
            .boundary(Boundary.SEQPACKET)
            .onClose(link::disconnect);
    return direction.reads() && qos > 0 ? channel.acknowledging() : channel;
  }

  private Source<ByteString, ?> source(Boundary other) {
    onFailure(link.subscribe(filter, qos), incoming::onError);
    Source<List<Received>, ?> batches =
        other == Boundary.STREAM
            ? Source.fromPublisher(incoming)
                .batchWeighted(
                    BATCH,
                    one -> one.payload().length() + 1L,
                    one -> new ArrayList<>(List.of(one)),
                    (batch, one) -> {
                      batch.add(one);
                      return batch;
                    })
            : Source.fromPublisher(incoming).map(List::of);
    return batches
        .map(batch -> new Delivery<>(framing.join(messages(batch)), batch, false))
        .via(
            new Acknowledging<>(
                MqttTopic::acknowledge, () -> CompletableFuture.completedStage(null)));
  }

  private static List<Message> messages(List<Received> batch) {
    return batch.stream()
        .map(
            one ->
                new Message(
                    one.payload(),
                    Map.of("topic", (Object) one.topic(), "retained", one.retained())))
        .toList();
  }

  private static CompletionStage<Done> acknowledge(List<List<Received>> taken) {
    for (List<Received> batch : taken) {
      batch.forEach(one -> one.acknowledge().run());
    }
    return CompletableFuture.completedStage(Done.getInstance());
  }

  private Sink<ByteString, CompletionStage<Done>> sink(boolean oneByOne) {
    Flow<ByteString, List<Message>, NotUsed> blocks = MessageSplitter.blocks(options);
    boolean isOld = options.get(MqttOptions.VERSION, 5) == 3;
    return (isOld
            ? blocks.mapConcat(all -> all).mapAsync(oneByOne ? 1 : UNCONFIRMED_3, this::publish)
            : blocks.mapAsync(oneByOne ? 1 : UNCONFIRMED_BLOCKS, this::publish))
        .via(untilLost())
        .toMat(Sink.ignore(), Keep.right());
  }

  private static void onFailure(CompletionStage<?> stage, Consumer<Throwable> action) {
    stage.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            action.accept(failure);
          }
        });
  }

  private <T> Flow<T, T, NotUsed> untilLost() {
    SharedKillSwitch untilLost = KillSwitches.shared("lost");
    onFailure(lost, untilLost::abort);
    return Flow.<T>create().via(untilLost.flow());
  }

  private CompletionStage<Done> publish(Message message) {
    return publish(List.of(message));
  }

  /** Done once all are confirmed: the stream is told once, not for each message. */
  private CompletionStage<Done> publish(List<Message> messages) {
    boolean retain = options.isOn(MqttOptions.RETAIN);
    CountedDone done = new CountedDone(messages.size());
    for (Message message : messages) {
      link.publish(message.fact("topic", target), message.payload(), qos, retain)
          .whenComplete((any, failure) -> done.one(failure));
    }
    return done.all();
  }
}
