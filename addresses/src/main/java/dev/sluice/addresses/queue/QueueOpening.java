package dev.sluice.addresses.queue;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Effect;
import dev.sluice.option.FdOptions;
import dev.sluice.option.FileOptions;
import dev.sluice.option.MessageQueueOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.Undo;
import org.jspecify.annotations.Nullable;

/**
 * Opens a message queue with its options; a message is a block. Blocks no longer than system calls
 * do. See mq_overview(7).
 */
public final class QueueOpening {
  private static final int DEFAULT_MODE = 0666;

  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final String name;
  private Undo removal = Undo.NOTHING;

  public QueueOpening(OpenContext context) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.name = context.parameter(0);
  }

  /** All messages, in both directions or in the one that is asked for. */
  public Endpoint endpoint() {
    MessageQueue queue = open();
    FdReader reader = new Reader(queue);
    FdWriter writer = new Writer(queue, options.get(MessageQueueOptions.POSIXMQ_PRIORITY, 0));
    Endpoint endpoint =
        Endpoint.of(reader, writer, context.address().type().descriptor().direction());
    return endpoint.pollableAlready().boundary(Boundary.DATAGRAM).onClose(this::closed);
  }

  /** The queue, non-blocking, with all that options ask for before and after it opens. */
  private int access() {
    return switch (context.address().type().descriptor().direction()) {
      case READ -> OpenFlags.RDONLY;
      case WRITE -> OpenFlags.WRONLY;
      case BOTH -> OpenFlags.RDWR;
    };
  }

  MessageQueue open() {
    unlinkEarly();
    if (options.isOn(MessageQueueOptions.POSIXMQ_FLUSH)) {
      flush();
    }
    int flags = OptionApplier.openFlags(options, access() | OpenFlags.CREAT);
    int mode = options.get(FdOptions.PERM, DEFAULT_MODE);
    MessageQueue.Limits limits = limits();
    String call =
        String.format(
            "%s: mq_open(\"%s\", 0%o, 0%o, %s)",
            context.address().spec().keyword(),
            name,
            flags | OpenFlags.CLOEXEC,
            mode,
            limits == null ? "NULL" : "{...}");
    MessageQueue queue =
        Undo.step(
            () -> {
              MessageQueue opened = MessageQueue.open(name, flags, mode, limits, call);
              if (options.isOn(FileOptions.UNLINK_CLOSE)) {
                removal = Undo.register(this::remove);
              }
              return opened;
            });
    try {
      log.info("POSIXMQ queue \"%s\" attrs: %s", name, queue.attributes());
      queue.fd().setNonBlocking(true);
      OptionApplier.apply(Phase.FD, queue.fd(), options, log, FdOptions.PERM);
      OptionApplier.apply(Phase.LATE, queue.fd(), options, log);
      return queue;
    } catch (RuntimeException e) {
      queue.fd().close();
      closed();
      throw e;
    }
  }

  private MessageQueue.@Nullable Limits limits() {
    if (!options.has(MessageQueueOptions.POSIXMQ_MAXMSG)
        && !options.has(MessageQueueOptions.POSIXMQ_MSGSIZE)) {
      return null;
    }
    MessageQueue.Limits system = MessageQueue.defaults();
    return new MessageQueue.Limits(
        options.get(MessageQueueOptions.POSIXMQ_MAXMSG, system.maxMessages()),
        options.get(MessageQueueOptions.POSIXMQ_MSGSIZE, system.messageSize()));
  }

  private void unlinkEarly() {
    for (OptionValue<?> given : options.inOrder()) {
      Phase phase = given.option().phase();
      if (given.option().effect() instanceof Effect.Unlink
          && (phase == Phase.EARLY || phase == Phase.PREOPEN)
          && Boolean.TRUE.equals(given.value())) {
        int result = MessageQueue.unlink(name);
        if (result < 0) {
          log.info("mq_unlink(\"%s\"): %s", name, Errno.text(-result));
        }
      }
    }
  }

  private void flush() {
    log.info("flushing POSIXMQ queue \"%s\"", name);
    MessageQueue queue;
    try {
      queue =
          MessageQueue.open(
              name, OpenFlags.RDONLY | OpenFlags.NONBLOCK, 0, null, "mq_open(\"" + name + "\")");
    } catch (NativeError e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      log.info("%s", "this queue does not exist, no need to flush it");
      return;
    }
    try (Fd fd = queue.fd()) {
      NativeBuffer message = NativeBuffer.allocate(queue.messageSize());
      int n;
      do {
        n = queue.receive(message);
      } while (n >= 0);
      if (n != -Errno.EAGAIN) {
        throw new NativeError("mq_receive(mqd=" + fd + ")", -n);
      }
    }
  }

  /** Removes the queue's name, if that is asked for. */
  void closed() {
    removal.run();
  }

  private void remove() {
    int result = MessageQueue.unlink(name);
    if (result < 0) {
      log.warning("mq_unlink(\"" + name + "\"): " + Errno.text(-result));
    }
  }

  private record Reader(MessageQueue queue) implements FdReader {
    @Override
    public Fd fd() {
      return queue.fd();
    }

    @Override
    public int read(long buffer, int length) {
      return queue.receive(buffer, length);
    }

    @Override
    public String describeRead(long buffer, int length) {
      return "mq_receive(mqd=" + fd() + ")";
    }
  }

  private record Writer(MessageQueue queue, int priority) implements FdWriter {
    @Override
    public Fd fd() {
      return queue.fd();
    }

    @Override
    public int write(long buffer, int length) {
      return queue.send(buffer, length, priority);
    }

    @Override
    public String describeWrite(long buffer, int length) {
      return "mq_send(mqd=" + fd() + ")";
    }
  }
}
