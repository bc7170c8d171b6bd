package dev.sluice.addresses.queue;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.OneBlockReader;
import dev.sluice.endpoint.PolledListener;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.util.Map;

/**
 * Makes a session of each message of a queue, which reads that message and no more. While there is
 * no room messages stay in the queue.
 */
public final class MessageListener extends PolledListener {
  private final OpenContext context;
  private final QueueOpening opening;
  private final MessageQueue queue;
  private final NativeBuffer message;
  private final boolean forks;

  private MessageListener(OpenContext context, QueueOpening opening, MessageQueue queue) {
    super(context.poller(), queue.fd());
    this.context = context;
    this.opening = opening;
    this.queue = queue;
    this.message = NativeBuffer.allocate(queue.messageSize());
    this.forks = context.options().isOn(RelayOptions.FORK);
  }

  /** Opens the queue that the address names. */
  public static MessageListener open(OpenContext context) {
    QueueOpening opening = new QueueOpening(context);
    return new MessageListener(context, opening, opening.open());
  }

  @Override
  public String localAddress() {
    return context.parameter(0);
  }

  @Override
  public String announcement() {
    return "receiving on POSIXMQ queue \"" + localAddress() + "\"";
  }

  @Override
  protected void takeAll(Admission room, Handler sink) {
    while (!isClosed() && room.tryEnter()) {
      int n = queue.receive(message);
      if (n < 0) {
        room.leave();
        if (n != -Errno.EAGAIN) {
          failed(new NativeError("mq_receive(mqd=" + queue.fd() + ")", -n), sink, context.log());
        }
        return;
      }
      succeeded();
      hand(message.toArray(0, n), queue.priority(), sink);
    }
  }

  private void hand(byte[] content, int priority, Handler sink) {
    Fd fd = forks ? queue.fd().duplicate() : queue.fd();
    if (!forks) {
      handOver();
    }
    Endpoint endpoint =
        Endpoint.reading(new OneBlockReader(fd, content, 0, () -> {}))
            .pollableAlready()
            .boundary(Boundary.DATAGRAM)
            .environment(() -> Map.of("POSIXMQ_PRIO", Integer.toString(priority)));
    if (!forks) {
      endpoint.onClose(opening::closed);
    }
    sink.connected(endpoint, () -> context.log().info("mq_receive() ->  {prio=%d}", priority));
  }

  @Override
  protected void released() {
    opening.closed();
  }
}
