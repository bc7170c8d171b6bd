package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.queue.QueueOpening;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Sends messages to a queue: {@code POSIXMQ-SEND} and {@code POSIXMQ-WRITE}. See mq_overview(7).
 */
final class PosixmqSend implements AddressType {
  private final AddressDescriptor descriptor;

  private PosixmqSend(String keyword) {
    descriptor =
        AddressDescriptor.named(keyword)
            .takes(Parameter.required("mqname"))
            .groups(FD, NAMED, OPEN, CHILD, RETRY, POSIXMQ)
            .goes(Direction.WRITE)
            .keeps(Boundary.DATAGRAM)
            .documented(
                "sends messages to a queue",
                "Each block is a message, of the priority in option posixmq-priority.",
                keyword + ":/queue");
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> new QueueOpening(context).endpoint());
  }

  /** Each of them. */
  @AutoService(AddressTypes.class)
  public static final class Family implements AddressTypes {
    @Override
    public List<AddressType> types() {
      return List.of(new PosixmqSend("POSIXMQ-SEND"), new PosixmqSend("POSIXMQ-WRITE"));
    }
  }
}
