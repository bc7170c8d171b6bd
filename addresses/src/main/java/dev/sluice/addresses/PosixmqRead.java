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
import java.util.concurrent.CompletionStage;

/** Receives all messages of a queue: {@code POSIXMQ-READ}. See mq_overview(7). */
@AutoService(AddressTypes.class)
public final class PosixmqRead implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("POSIXMQ-READ")
          .takes(Parameter.required("mqname"))
          .groups(FD, NAMED, OPEN, RETRY, POSIXMQ)
          .goes(Direction.READ)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "receives all messages of a queue",
              "Each message is a block, those of higher priority first; there is no end of data.",
              "POSIXMQ-READ:/queue");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> new QueueOpening(context).endpoint());
  }
}
