package dev.sluice.addresses.socket;

import dev.sluice.addresses.socket.FirstPacket.Verdict;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketAddressBytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out, away from the poller, which senders get a session: what they must show first, and
 * whether access files let them in. Many senders are checked at a time, so that a slow look-up of
 * one holds up no other. Used on the poller's thread.
 */
final class SenderChecks {
  /** Packets that are being checked, or wait behind one of the same sender, at most. */
  private static final int MOST_PACKETS = 1024;

  private static final int MOST_BYTES = 1 << 20;

  /** What has been found out. */
  @FunctionalInterface
  interface Decision {
    /**
     * Told on the poller's thread.
     *
     * @param permitted whether access files let the sender in
     * @param verdict what becomes of the packet
     * @param behind what has waited behind it
     */
    void made(boolean permitted, Verdict verdict, List<byte[]> behind);
  }

  private final Poller poller;
  private final PeerFilter filter;
  private final SocketAddressBytes own;
  private final @Nullable FirstPacket first;
  private final Executor lookUps;
  private final RelayLog log;
  private final Map<SocketAddressBytes, Deque<byte[]>> behind = new HashMap<>();
  private int packets;
  private int bytes;

  /**
   * Nobody is checked yet.
   *
   * @param own where senders send to
   * @param first what they must show; null for nothing
   * @param lookUps runs what may block
   */
  SenderChecks(
      Poller poller,
      PeerFilter filter,
      SocketAddressBytes own,
      @Nullable FirstPacket first,
      Executor lookUps,
      RelayLog log) {
    this.poller = poller;
    this.filter = filter;
    this.own = own;
    this.first = first;
    this.lookUps = lookUps;
    this.log = log;
  }

  /** Whether senders are checked at all; if not, the filter alone decides, and never blocks. */
  boolean areNeeded() {
    return first != null || filter.mayBlock();
  }

  /** Whether senders must show something first, and so are talked with before data flow. */
  boolean ask() {
    return first != null;
  }

  /** Whether no packet should be brought before a decision is made. */
  boolean areFull() {
    return packets >= MOST_PACKETS || bytes >= MOST_BYTES;
  }

  boolean areGoingOn() {
    return packets > 0;
  }

  /**
   * Keeps a packet until the check of an earlier one of its sender is over; false if there is none.
   */
  boolean keepBehind(SocketAddressBytes sender, byte[] packet) {
    Deque<byte[]> waiting = behind.get(sender);
    if (waiting == null) {
      return false;
    }
    waiting.add(packet);
    count(packet, 1);
    return true;
  }

  /**
   * Checks the sender of a packet.
   *
   * @param wholeSender whether later packets of the sender may wait behind this one
   * @throws RejectedExecutionException if no thread can do it
   */
  void begin(SocketAddressBytes sender, byte[] packet, boolean wholeSender, Decision decision) {
    run(new Check(sender, packet, decision));
    if (wholeSender) {
      behind.put(sender, new ArrayDeque<>());
    }
    count(packet, 1);
  }

  private void count(byte[] packet, int change) {
    packets += change;
    bytes += change * packet.length;
  }

  /** One packet that is being checked. */
  private record Check(SocketAddressBytes sender, byte[] packet, Decision decision) {}

  private void run(Check check) {
    FirstPacket asked = first;
    if (asked == null) {
      lookUps.execute(() -> permit(check, Verdict.accepted(List.of(check.packet))));
    } else {
      asked.executor().execute(() -> show(check, asked));
    }
  }

  private void show(Check check, FirstPacket asked) {
    Verdict verdict;
    try {
      verdict = asked.judge(check.sender.toString(), check.packet);
    } catch (RuntimeException e) {
      log.error("ignoring a packet from " + check.sender + ": " + e);
      verdict = Verdict.IGNORED;
    }
    if (verdict.forSession().isEmpty()) {
      over(check, true, verdict);
    } else if (filter.mayBlock()) {
      Verdict shown = verdict;
      try {
        lookUps.execute(() -> permit(check, shown));
      } catch (RejectedExecutionException e) {
        log.error("refusing packet from " + check.sender + ": " + e.getMessage());
        over(check, false, Verdict.IGNORED);
      }
    } else {
      permit(check, verdict);
    }
  }

  private void permit(Check check, Verdict verdict) {
    boolean permitted = filter.permits(check.sender, own);
    over(check, permitted, permitted ? verdict : Verdict.IGNORED);
  }

  private void over(Check check, boolean permitted, Verdict verdict) {
    poller.execute(() -> decide(check, permitted, verdict));
  }

  private void decide(Check check, boolean permitted, Verdict verdict) {
    count(check.packet, -1);
    Deque<byte[]> waiting = behind.remove(check.sender);
    if (waiting != null) {
      waiting.forEach(packet -> count(packet, -1));
    }
    check.decision.made(permitted, verdict, waiting == null ? List.of() : List.copyOf(waiting));
  }
}
