package dev.sluice.addresses.queue;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.OneBlockReader;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.Poller;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a session of each message of a queue, which reads that message and no more. While there is
 * no room messages stay in the queue.
 */
public final class MessageListener implements Listener {
  private final OpenContext context;
  private final QueueOpening opening;
  private final MessageQueue queue;
  private final NativeBuffer message;
  private final Poller poller;
  private final boolean forks;

  // of the poller's thread, after start
  private Poller.@Nullable Registration registration;
  private @Nullable Admission admission;
  private @Nullable Handler handler;
  private boolean closed;

  /** Opens the queue that the address names. */
  public MessageListener(OpenContext context) {
    this.context = context;
    this.opening = new QueueOpening(context);
    this.queue = opening.open();
    this.message = NativeBuffer.allocate(queue.messageSize());
    this.poller = context.poller();
    this.forks = context.options().isOn(RelayOptions.FORK);
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
  public void start(Admission newAdmission, Handler newHandler) {
    poller.execute(
        () -> {
          admission = newAdmission;
          handler = newHandler;
          try {
            registration = poller.register(queue.fd().number(), events -> receiveAll());
          } catch (NativeError e) {
            newHandler.failed(e);
            return;
          }
          receiveAll();
        });
  }

  @Override
  public void resume() {
    poller.execute(this::receiveAll);
  }

  private void receiveAll() {
    Admission room = admission;
    Handler sink = handler;
    while (!closed && room != null && sink != null && room.tryEnter()) {
      int n = queue.receive(message.address(), message.capacity());
      if (n < 0) {
        room.leave();
        if (n != -Errno.EAGAIN) {
          sink.failed(new NativeError("mq_receive(mqd=" + queue.fd() + ")", -n));
        }
        return;
      }
      hand(message.toArray(0, n), queue.priority(), sink);
    }
  }

  private void hand(byte[] content, int priority, Handler sink) {
    Fd fd = forks ? queue.fd().duplicate() : queue.fd();
    if (!forks) {
      endRegistration();
      closed = true;
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

  private void endRegistration() {
    if (registration != null) {
      registration.close();
      registration = null;
    }
  }

  /** Without fork the queue has gone to the only session. */
  @Override
  public void close() {
    poller.execute(
        () -> {
          endRegistration();
          if (!closed) {
            closed = true;
            queue.fd().close();
            opening.closed();
          }
        });
  }

  @Override
  public void close(Runnable afterwards) {
    close();
    poller.execute(afterwards);
  }
}
