package dev.sluice.cluster;

import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Duration;

/**
 * When the node's actor ticks and beats. It ticks seldom while nothing happens, since each tick
 * costs an idle node time.
 */
final class Ticks {
  /** A node whose beat is late by more than that is looked at. */
  static final long SILENT = Duration.ofMillis(700).toNanos();

  /** Between ticks while relays move or a node may be dead. */
  private static final Duration BUSY = Duration.ofMillis(100);

  private static final Duration AT_REST = Duration.ofMillis(250);
  private static final long BEAT = Duration.ofMillis(480).toNanos();

  private final TimerScheduler<NodeCommand> timers;
  private boolean isBusy;
  private long lastBeat = System.nanoTime();
  private long beats;

  Ticks(TimerScheduler<NodeCommand> timers) {
    this.timers = timers;
  }

  /** The next tick comes after a time that fits. */
  void next(boolean busy) {
    isBusy = busy;
    timers.startSingleTimer(NodeCommand.Tick.NOW, busy ? BUSY : AT_REST);
  }

  /** Something began between two ticks. */
  void hurry() {
    if (!isBusy) {
      next(true);
    }
  }

  /** Whether a beat is to go out now; then it counts as sent. */
  boolean isBeatDue(long now) {
    if (now - lastBeat < BEAT) {
      return false;
    }
    lastBeat = now;
    beats++;
    return true;
  }

  /** Whether the last beat was an even one: what is done once a second is done with those. */
  boolean isEvenBeat() {
    return beats % 2 == 0;
  }
}
