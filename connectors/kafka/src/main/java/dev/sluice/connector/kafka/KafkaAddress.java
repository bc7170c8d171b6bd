package dev.sluice.connector.kafka;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.connector.kit.BrokerOptions;
import dev.sluice.connector.kit.Framing;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.OptionGroup;
import java.util.concurrent.CompletionStage;

/** A topic of Apache Kafka: {@code KAFKA:<host>:<port>/<topic>}. */
@AutoService(AddressTypes.class)
public final class KafkaAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("KAFKA")
          .takes(Parameter.required("host"), Parameter.optional("port/topic"))
          .groups(OptionGroup.RETRY, Framing.GROUP, BrokerOptions.GROUP, KafkaOptions.KAFKA)
          .brings(KafkaOptions.ROWS)
          .keeps(Boundary.SEQPACKET)
          .documented(
              "reads and writes a topic of Kafka",
              "Messages are read from all partitions, and from the beginning unless options group or from say otherwise. Each block is written as one message unless framing says otherwise. With group, a message is stored as read once the other side has taken it, so that it may come twice but is never lost.",
              "KAFKA:localhost:9092/orders,group=billing,framing=lines");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    return Topic.open(context);
  }
}
