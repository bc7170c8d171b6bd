package dev.sluice.connector.mqtt;

import akka.util.ByteString;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuth;
import com.hivemq.client.mqtt.mqtt5.message.auth.Mqtt5SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5ConnectBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.subscribe.Mqtt5Subscribe;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;

/** Version 5 of the protocol. */
final class MqttLink5 implements MqttLink {
  private final Mqtt5Client client;

  MqttLink5(Mqtt5Client client) {
    this.client = client;
  }

  @Override
  public CompletionStage<?> connect(Wishes wishes) {
    Mqtt5ConnectBuilder connect =
        Mqtt5Connect.builder()
            .keepAlive(wishes.keepAliveSeconds())
            .cleanStart(wishes.sessionSeconds() == 0)
            .sessionExpiryInterval(wishes.sessionSeconds());
    if (wishes.user().isPresent()) {
      Mqtt5SimpleAuthBuilder.Complete auth =
          Mqtt5SimpleAuth.builder().username(wishes.user().get());
      if (wishes.password().isPresent()) {
        auth = auth.password(wishes.password().get().getBytes(StandardCharsets.UTF_8));
      }
      connect = connect.simpleAuth(auth.build());
    }
    if (wishes.willTopic().isPresent()) {
      connect =
          connect.willPublish(
              Mqtt5Publish.builder()
                  .topic(wishes.willTopic().get())
                  .payload(wishes.will().orElse("").getBytes(StandardCharsets.UTF_8))
                  .build());
    }
    return client.toAsync().connect(connect.build());
  }

  @Override
  public Publisher<Received> received() {
    return client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).map(MqttLink5::received);
  }

  @Override
  public CompletionStage<?> subscribe(String filter, int qos) {
    return client
        .toAsync()
        .subscribe(
            Mqtt5Subscribe.builder()
                .topicFilter(filter)
                .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                .build());
  }

  private static Received received(Mqtt5Publish publish) {
    return new Received(
        publish.getTopic().toString(),
        ByteString.fromArrayUnsafe(publish.getPayloadAsBytes()),
        publish.isRetain(),
        publish::acknowledge);
  }

  @Override
  public CompletionStage<?> publish(String topic, ByteString payload, int qos, boolean retain) {
    return client
        .toAsync()
        .publish(
            Mqtt5Publish.builder()
                .topic(topic)
                .payload(payload.toArrayUnsafe())
                .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                .retain(retain)
                .build());
  }

  @Override
  public void disconnect() {
    client.toAsync().disconnect();
  }
}
