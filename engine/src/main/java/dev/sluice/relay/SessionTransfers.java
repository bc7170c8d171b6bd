package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.fault.Faults;
import dev.sluice.fault.SessionFaults;
import dev.sluice.os.Errno;
import dev.sluice.os.LibC;
import dev.sluice.transfer.Activity;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.Transfers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The two directions of a session while they move bytes, and what is known of each. */
final class SessionTransfers {
  private final SessionChannels channels;
  private final Activity activity = new Activity();
  private final TransferReports reports;
  private final Transfers transfers;
  private final Faults faults;
  private @Nullable CompletableFuture<Void> stopped;

  /** Which will move no more. */
  private Directions over = Directions.NONE;

  /** Whose source's end has been logged. */
  private Directions announced = Directions.NONE;

  /** Whose source has come to its end by itself: nothing of it is left unread. */
  private Directions heard = Directions.NONE;

  /** Whose destination went away, and was said to. */
  private Directions cool = Directions.NONE;

  /** Whose destination takes no more, which the options allow. */
  private Directions excused = Directions.NONE;

  /** Starts them. */
  SessionTransfers(RelaySession session, SessionFiles files, TransferReports reports) {
    this.channels = session.channels();
    this.reports = reports;
    activity.touch();
    this.faults = session.settings().faults();
    this.transfers =
        TransferPlan.start(
            channels.left(),
            channels.right(),
            files.transferSettings(session.settings(), new SessionFaults(faults, session.number())),
            session.home().runtime().transferRuntime(session.poller()),
            activity,
            reports);
  }

  /** Stops them, once; completes when they use no descriptor any more. */
  CompletableFuture<Void> stop() {
    if (stopped == null) {
      CompletableFuture<Void> still = new CompletableFuture<>();
      stopped = still;
      if (transfers.stop(() -> still.complete(null))) {
        still.complete(null);
      }
    }
    return stopped;
  }

  /**
   * A transfer that is blocked in a call, and so does not stop, keeps the numbers of its
   * descriptors until it returns.
   */
  void keepNumbers() {
    CompletableFuture<Void> still = stop();
    if (!still.isDone()) {
      for (Channel channel : List.of(channels.left(), channels.right())) {
        if (channel instanceof Endpoint endpoint) {
          still.thenRun(endpoint.holdNumbers());
        }
      }
    }
  }

  Transfers all() {
    return transfers;
  }

  /** Whether that direction was started. */
  boolean has(TransferDirection direction) {
    return transfers.of(direction) != null;
  }

  boolean areOver() {
    return isOver(TransferDirection.LEFT_TO_RIGHT) && isOver(TransferDirection.RIGHT_TO_LEFT);
  }

  /** Whether that direction moves no more, or never did. */
  boolean isOver(TransferDirection direction) {
    return over.has(direction) || !has(direction);
  }

  /** A direction is over. */
  void ended(TransferDirection direction) {
    over = over.with(direction);
  }

  /** Notes that the end of a source has been logged; returns whether it had not been before. */
  boolean announce(TransferDirection direction) {
    boolean first = !announced.has(direction);
    announced = announced.with(direction);
    return first;
  }

  /** A source has come to its end, unless an option took that for the end that was not. */
  void heard(TransferDirection direction) {
    if (!channels.source(direction).dataOptions().mayEndEarly()
        && !SessionFaults.areThere(
            faults, channels.destination(direction).dataOptions().faults())) {
      heard = heard.with(direction);
    }
  }

  /** Whether nothing of the source of that direction can be left unread. */
  boolean hasHeardAll(TransferDirection direction) {
    return heard.has(direction);
  }

  /** Notes a write failure that does not matter. */
  void cool(TransferDirection direction) {
    cool = cool.with(direction);
  }

  boolean isCool(TransferDirection direction) {
    return cool.has(direction);
  }

  /** The options allow that the destination takes no more: what is lost then is no failure. */
  void excuse(TransferDirection direction) {
    excused = excused.with(direction);
  }

  /** The other direction has ended: end of data is no longer ignored. */
  void closing(TransferDirection direction) {
    Transfer transfer = transfers.of(direction);
    if (transfer != null) {
      transfer.closing();
    }
  }

  /** What is still there is moved, then the direction ends. */
  void drainThenEnd(TransferDirection direction) {
    Transfer transfer = transfers.of(direction);
    if (transfer != null) {
      transfer.drainThenEnd();
    }
  }

  /** Bytes that lie ready to be read from the source of a direction; -1 where that is not known. */
  long ready(TransferDirection direction) {
    FdReader reader =
        channels.source(direction) instanceof Endpoint endpoint ? endpoint.reader() : null;
    return reader == null ? -1 : LibC.readable(reader.fd().number());
  }

  boolean waitsForRoom(TransferDirection direction) {
    Transfer transfer = transfers.of(direction);
    return transfer != null && transfer.waitsForRoom();
  }

  /** Whether bytes of any direction wait for a slow reader. */
  boolean waitForRoom() {
    return waitsForRoom(TransferDirection.LEFT_TO_RIGHT)
        || waitsForRoom(TransferDirection.RIGHT_TO_LEFT);
  }

  /**
   * Writes what is left of the words for the end that were said to peers; whether one of them still
   * has no room for it.
   */
  boolean endsWaitForRoom() {
    boolean wait = false;
    for (TransferDirection direction : TransferDirection.values()) {
      wait |=
          over.has(direction)
              && channels.destination(direction) instanceof Endpoint endpoint
              && endpoint.halfClose() == HalfClose.FAREWELL
              && endpoint.writer() != null
              && endpoint.writer().flush() == -Errno.EAGAIN;
    }
    return wait;
  }

  /** Nanoseconds since something moved. */
  long idleNanos() {
    return activity.idleNanos();
  }

  /** Bytes that a direction has written. */
  long moved(TransferDirection direction) {
    Transfer transfer = transfers.of(direction);
    return transfer == null ? 0 : transfer.bytes();
  }

  /** Says how many bytes the end of the session has cut off. */
  void warnOfLoss(RelaySession session) {
    for (TransferDirection direction : TransferDirection.values()) {
      long lost = reports.lost(direction);
      if (excused.has(direction)) {
        session.logLoss(direction, lost);
      } else if (lost > 0) {
        session.lost(lost + " bytes read from socket " + direction.source() + " were not written");
      }
    }
  }
}
