package dev.sluice.connector.mqtt;

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

/** A topic of an MQTT broker: {@code MQTT} and {@code MQTTS}. */
abstract class MqttAddress implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean tls;

  private MqttAddress(String keyword, boolean tls, String summary, String example) {
    this.tls = tls;
    descriptor =
        AddressDescriptor.named(keyword)
            .takes(Parameter.required("host"), Parameter.optional("port/topic"))
            .groups(OptionGroup.RETRY, Framing.GROUP, BrokerOptions.GROUP, MqttOptions.MQTT)
            .brings(MqttOptions.ROWS)
            .keeps(Boundary.SEQPACKET)
            .documented(
                summary,
                "The topic may be a filter with + and #, and $share/GROUP/FILTER where it is only read. Messages of qos 1 and 2 are acknowledged once the other side has taken them. Each block is one message unless framing says otherwise.",
                example);
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    return MqttTopic.open(context, tls);
  }

  /** Over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Plain extends MqttAddress {
    public Plain() {
      super(
          "MQTT",
          false,
          "reads and writes topics of an MQTT broker",
          "MQTT:localhost:1883/house/#,framing=lines");
    }
  }

  /** Over TLS. */
  @AutoService(AddressTypes.class)
  public static final class Secure extends MqttAddress {
    public Secure() {
      super(
          "MQTTS",
          true,
          "reads and writes topics of an MQTT broker over TLS",
          "MQTTS:broker.example/house/door,cafile=ca.pem");
    }
  }
}
