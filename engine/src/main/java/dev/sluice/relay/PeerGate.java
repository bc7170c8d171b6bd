package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.ThreadRoom;
import dev.sluice.log.RelayLog;
import dev.sluice.os.BoundedThreads;
import dev.sluice.os.NativeError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The listener of a relay, once there is one: announces that peers may come, holds them back, and
 * closes. Used on the supervisor's thread only.
 */
final class PeerGate {
  private static final Duration DESCRIPTOR_PAUSE = Duration.ofMillis(100);

  private final ActorContext<RelayCommand> context;
  private final ChildSlots slots;
  private final BoundedThreads threads;
  private final RelayLog log;
  private @Nullable Listener listener;
  private boolean closing;
  private boolean waitedForRoom;
  private boolean shortOfDescriptors;

  /**
   * There is no listener yet.
   *
   * @param threads those that sessions need to open their right addresses
   */
  PeerGate(
      ActorContext<RelayCommand> context, ChildSlots slots, BoundedThreads threads, RelayLog log) {
    this.context = context;
    this.slots = slots;
    this.threads = threads;
    this.log = log;
  }

  /** Lets peers in from now on. */
  void open(Listener opened) {
    listener = opened;
    announce();
    opened.start(
        new ThreadRoom(slots, threads, opened::resume), new PeersAccepted(context.getSelf()));
  }

  private void announce() {
    if (listener != null) {
      log.notice("%s", listener.announcement());
    }
  }

  /** A peer came in; so many sessions are alive. */
  void entered(int sessions) {
    shortOfDescriptors = false;
    if (sessions >= slots.limit()) {
      waitedForRoom = true;
      log.notice("maxchildren are active, waiting");
    } else {
      announce();
    }
  }

  /** A session has ended, for which somebody was held back or not. */
  void left(boolean heldBack) {
    if (waitedForRoom) {
      waitedForRoom = false;
      announce();
    }
    if (heldBack) {
      resume();
    }
  }

  /** Lets nobody in for that time. */
  void pause(Duration time) {
    if (listener != null) {
      slots.pause(true);
      context.scheduleOnce(time, context.getSelf(), SupervisorCommand.Notice.RESUME_ACCEPT);
    }
  }

  /** Nobody could be let in because descriptors ran out; the first time is logged. */
  void waitForDescriptor(NativeError error) {
    if (!shortOfDescriptors) {
      shortOfDescriptors = true;
      log.warning(error.getMessage() + "; waiting for a free descriptor");
    }
    pause(DESCRIPTOR_PAUSE);
  }

  /** Has so many sessions at most from now on; 0 for any number, up to what the address allows. */
  void limitSessions(int limit) {
    slots.limit(limit);
    resume();
  }

  /** Lets so many peers in within a second from now on; 0 for any number. */
  void limitRate(int perSecond) {
    ActorRef<RelayCommand> self = context.getSelf();
    slots.rate(
        perSecond == 0 ? null : new SessionRate(perSecond, System::nanoTime),
        time -> self.tell(new SupervisorCommand.HeldBack(time)));
    resume();
  }

  void pauseIsOver() {
    slots.pause(false);
    resume();
  }

  /** Looks again whether peers that were held back may come in. */
  void resume() {
    if (listener != null) {
      listener.resume();
    }
  }

  /** Lets nobody in any more; {@code LISTENER_CLOSED} follows if it was open. */
  void close() {
    if (listener != null) {
      close(listener);
      listener = null;
    }
  }

  /** Closes a listener that came too late. */
  void close(Listener late) {
    closing = true;
    ActorRef<RelayCommand> self = context.getSelf();
    late.close(() -> self.tell(SupervisorCommand.Notice.LISTENER_CLOSED));
  }

  /** All peers that were let in have been told of. */
  void closed() {
    closing = false;
  }

  boolean isClosing() {
    return closing;
  }

  /** Closes, and tells nobody. */
  void abort() {
    if (listener != null) {
      listener.close();
      listener = null;
    }
  }
}
