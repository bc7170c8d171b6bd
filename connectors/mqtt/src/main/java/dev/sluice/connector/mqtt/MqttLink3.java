package dev.sluice.connector.mqtt;

import akka.util.ByteString;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3Client;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuth;
import com.hivemq.client.mqtt.mqtt3.message.auth.Mqtt3SimpleAuthBuilder;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3Connect;
import com.hivemq.client.mqtt.mqtt3.message.connect.Mqtt3ConnectBuilder;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;

/** Version 3.1.1 of the protocol. */
final class MqttLink3 implements MqttLink {
  private final Mqtt3Client client;

  MqttLink3(Mqtt3Client client) {
    this.client = client;
  }

  @Override
  public CompletionStage<?> connect(Wishes wishes) {
    Mqtt3ConnectBuilder connect =
        Mqtt3Connect.builder()
            .keepAlive(wishes.keepAliveSeconds())
            .cleanSession(wishes.sessionSeconds() == 0);
    if (wishes.user().isPresent()) {
      Mqtt3SimpleAuthBuilder.Complete auth =
          Mqtt3SimpleAuth.builder().username(wishes.user().get());
      if (wishes.password().isPresent()) {
        auth = auth.password(wishes.password().get().getBytes(StandardCharsets.UTF_8));
      }
      connect = connect.simpleAuth(auth.build());
    }
    if (wishes.willTopic().isPresent()) {
      connect =
          connect.willPublish(
              Mqtt3Publish.builder()
                  .topic(wishes.willTopic().get())
                  .payload(wishes.will().orElse("").getBytes(StandardCharsets.UTF_8))
                  .build());
    }
    return client.toAsync().connect(connect.build());
  }

  @Override
  public Publisher<Received> received() {
    return client.toRx().publishes(MqttGlobalPublishFilter.ALL, true).map(MqttLink3::received);
  }

  @Override
  public CompletionStage<?> subscribe(String filter, int qos) {
    return client
        .toAsync()
        .subscribe(
            Mqtt3Subscribe.builder()
                .topicFilter(filter)
                .qos(Objects.requireNonNull(MqttQos.fromCode(qos)))
                .build());
  }

  private static Received received(Mqtt3Publish publish) {
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
            Mqtt3Publish.builder()
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
