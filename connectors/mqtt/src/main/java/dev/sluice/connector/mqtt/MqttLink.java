package dev.sluice.connector.mqtt;

import akka.util.ByteString;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Publisher;

/** A connection to a broker, in whichever version of the protocol. */
interface MqttLink {
  /** A message that came; {@code acknowledge} is to be run once. */
  record Received(String topic, ByteString payload, boolean retained, Runnable acknowledge) {}

  /** What the user wants of the connection. */
  record Wishes(
      Optional<String> user,
      Optional<String> password,
      Optional<String> willTopic,
      Optional<String> will,
      int keepAliveSeconds,
      long sessionSeconds) {}

  /** Connects; fails with what the broker said. */
  CompletionStage<?> connect(Wishes wishes);

  /** All messages that come, as they are asked for; to be subscribed to before {@link #connect}. */
  Publisher<Received> received();

  /** Asks the broker for the messages of a filter; fails with what the broker said. */
  CompletionStage<?> subscribe(String filter, int qos);

  /** Sends a message; done once the broker has it, as far as its quality of service tells. */
  CompletionStage<?> publish(String topic, ByteString payload, int qos, boolean retain);

  void disconnect();
}
