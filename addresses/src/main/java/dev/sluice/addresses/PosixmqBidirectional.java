package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.queue.QueueOpening;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends and receives messages of one queue: {@code POSIXMQ-BIDIRECTIONAL}. See mq_overview(7). */
@AutoService(AddressTypes.class)
public final class PosixmqBidirectional implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("POSIXMQ-BIDIRECTIONAL")
          .aka("POSIXMQ")
          .takes(Parameter.required("mqname"))
          .groups(FD, NAMED, OPEN, RETRY, POSIXMQ)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "sends and receives messages of a queue",
              "Each block is a message; what is sent here may come back here.",
              "POSIXMQ-BIDIRECTIONAL:/queue");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    if (context.direction() == Direction.BOTH
        && context.address().spec().keyword().equalsIgnoreCase("POSIXMQ")) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting(
              "Keyword \"POSIXMQ\" in bidirectional mode might unwanted flush the queue;"
                  + " use \"POSIXMQ-BIDIRECTIONAL\" to confirm usage"));
    }
    return context.blocking(() -> new QueueOpening(context).endpoint());
  }
}
