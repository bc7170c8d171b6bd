package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.PacketBatch;
import org.jspecify.annotations.Nullable;

/**
 * Moves datagrams between two connected sockets, many with each system call, their boundaries kept:
 * see recvmmsg(2), sendmmsg(2). Datagrams of one length go as a train where the kernel can cut it
 * again, which costs it a fraction: UDP_SEGMENT in udp(7). What has come another way is read and
 * written one by one.
 *
 * <p>Uses a batch of the poller's; keeps it while datagrams in it wait for room.
 */
final class DatagramPump extends CopyPump {
  /** Below that, one call for datagrams of all lengths is better. */
  private static final int SHORTEST_TRAIN = 4;

  /** Looks that find nothing, or few, before the next are waited for. */
  private static final int PATIENCE = 8;

  /** So many at once promise more. */
  private static final int SEVERAL = 8;

  private enum Trains {
    UNKNOWN,
    SENT,
    REFUSED
  }

  private final PollerMemory memory;
  private final int packetSize;
  private @Nullable PacketBatch batch;
  private int next;
  private int count;
  private boolean ended;
  private int patience;
  private Trains trains = Trains.UNKNOWN;

  DatagramPump(FdReader in, FdWriter out, int packetSize, PollerMemory memory) {
    super(in, out, packetSize, packetSize, 0);
    this.memory = memory;
    this.packetSize = packetSize;
  }

  @Override
  public Step step(Block scratch) {
    PacketBatch held = batch;
    if (held != null) {
      return send(held);
    }
    if (ended) {
      return Step.END;
    }
    if (super.holdsBytes() || in.hasBuffered() || !in.canBatchNow()) {
      return super.step(scratch);
    }
    if (!out.acceptsData()) {
      return Step.WANTS_OUTPUT;
    }
    PacketBatch borrowed = memory.borrowBatch(packetSize);
    int n = borrowed.receive(in.fd().number());
    patience = n >= SEVERAL ? PATIENCE : Math.max(0, patience - 1);
    if (n < 0) {
      memory.giveBack(borrowed);
      if (n == -Errno.EAGAIN) {
        return Step.WANTS_INPUT;
      }
      throw EndpointFailure.read(in, scratch.address(), shownBlock, -n);
    }
    batch = borrowed;
    next = 0;
    count = upToEmpty(borrowed, n);
    boolean emptied = n < borrowed.capacity() && !ended;
    Step sent = send(borrowed);
    return sent == Step.MOVED && emptied ? Step.MOVED_ALL : sent;
  }

  /** An empty datagram ends the data. */
  private int upToEmpty(PacketBatch received, int n) {
    for (int i = 0; i < n; i++) {
      if (received.length(i) == 0) {
        ended = true;
        return i;
      }
    }
    return n;
  }

  private Step send(PacketBatch held) {
    while (next < count) {
      int n = sendSome(held);
      if (n == -Errno.EAGAIN) {
        return Step.WANTS_OUTPUT;
      }
      if (n < 0) {
        throw EndpointFailure.write(out, held.address(next), held.length(next), -n);
      }
      for (int end = next + n; next < end; next++) {
        countWritten(held.length(next));
      }
    }
    giveBack();
    return Step.MOVED;
  }

  /** Datagrams sent, or {@code -errno} of the first. */
  private int sendSome(PacketBatch held) {
    int fd = out.fd().number();
    int train = trains == Trains.REFUSED ? 1 : held.train(next, count);
    if (train < SHORTEST_TRAIN || !sendsTrains(fd)) {
      return held.send(fd, next, count);
    }
    int n = held.sendTrain(fd, next, train);
    if (n >= 0) {
      return train;
    }
    if (!isRefusal(-n)) {
      return n;
    }
    trains = Trains.REFUSED;
    return held.send(fd, next, count);
  }

  private boolean sendsTrains(int fd) {
    if (trains == Trains.UNKNOWN) {
      trains = PacketBatch.canSendTrains(fd) ? Trains.SENT : Trains.REFUSED;
    }
    return trains == Trains.SENT;
  }

  /** Longer than the path takes, no checksums wanted, IPsec: one by one it may go. */
  private static boolean isRefusal(int errno) {
    return errno == Errno.EINVAL || errno == Errno.EMSGSIZE || errno == Errno.EIO;
  }

  private void giveBack() {
    if (batch != null) {
      memory.giveBack(batch);
      batch = null;
    }
  }

  /** Where several came at once, more are often on their way. */
  @Override
  public boolean expectsMore() {
    return patience > 0;
  }

  @Override
  public boolean holdsBytes() {
    return batch != null || super.holdsBytes();
  }

  @Override
  public long release() {
    long lost = super.release();
    if (batch != null) {
      for (int i = next; i < count; i++) {
        lost += batch.length(i);
      }
      giveBack();
    }
    return lost;
  }

  @Override
  public String plan() {
    return "datagrams";
  }
}
