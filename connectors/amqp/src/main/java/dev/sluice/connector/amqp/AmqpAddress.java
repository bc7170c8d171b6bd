package dev.sluice.connector.amqp;

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

/** A queue of an AMQP broker: {@code AMQP} and {@code AMQPS}. See AMQP 0-9-1. */
abstract class AmqpAddress implements AddressType {
  private final AddressDescriptor descriptor;
  private final boolean tls;

  private AmqpAddress(String keyword, boolean tls, String summary, String example) {
    this.tls = tls;
    descriptor =
        AddressDescriptor.named(keyword)
            .takes(Parameter.required("host"), Parameter.optional("port/queue"))
            .groups(OptionGroup.RETRY, Framing.GROUP, BrokerOptions.GROUP, AmqpOptions.AMQP)
            .brings(AmqpOptions.ROWS)
            .keeps(Boundary.SEQPACKET)
            .documented(
                summary,
                "A message that is read is acknowledged once the other side has taken it, so that it may come twice but is never lost; one that is written counts once the broker has confirmed it. Each block is one message unless framing says otherwise.",
                example);
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    return Queue.open(context, tls);
  }

  /** Over TCP. */
  @AutoService(AddressTypes.class)
  public static final class Plain extends AmqpAddress {
    public Plain() {
      super(
          "AMQP",
          false,
          "reads and writes a queue of an AMQP broker",
          "AMQP:localhost:5672/orders,framing=lines");
    }
  }

  /** Over TLS. */
  @AutoService(AddressTypes.class)
  public static final class Secure extends AmqpAddress {
    public Secure() {
      super(
          "AMQPS",
          true,
          "reads and writes a queue of an AMQP broker over TLS",
          "AMQPS:broker.example/orders,cafile=ca.pem");
    }
  }
}
