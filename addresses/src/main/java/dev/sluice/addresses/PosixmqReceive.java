package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.queue.MessageListener;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CompletionStage;

/**
 * Receives one message of a queue, or each in a session of its own: {@code POSIXMQ-RECEIVE}. See
 * mq_overview(7).
 */
@AutoService(AddressTypes.class)
public final class PosixmqReceive implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("POSIXMQ-RECEIVE")
          .aka("POSIXMQ-RECV")
          .takes(Parameter.required("mqname"))
          .groups(FD, NAMED, OPEN, CHILD, RETRY, POSIXMQ)
          .goes(Direction.READ)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "receives one message of a queue",
              "Reads one message, and then the end of data; with fork a session for every message.",
              "POSIXMQ-RECEIVE:/queue");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Listener> open(OpenContext context) {
    return context.blocking(() -> MessageListener.open(context));
  }
}
