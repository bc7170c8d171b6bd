package dev.sluice.relay;

import java.time.Duration;

/** Waiting times as Akka takes them: its own scheduler counts in steps of 10 ms, to 2^31. */
final class Delays {
  private static final Duration LONGEST = Duration.ofDays(200);

  private Delays() {}

  /**
   * The time, or as much of it as can be waited for at once; whoever waits looks again afterwards.
   */
  static Duration schedulable(Duration time) {
    return time.compareTo(LONGEST) < 0 ? time : LONGEST;
  }
}
