package dev.sluice.fleet.pool;

import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.PoolDefinition.Passive;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a member is well, as checks and sessions have found. Times are nanoseconds of one clock.
 * Not thread-safe.
 *
 * <p>The first check decides at once; after that it takes {@code fall} failures in a row to go down
 * and {@code rise} successes to come back. Without checks, a member that sessions took down gets
 * one session now and then, to see whether it is back.
 */
final class Health {
  /** What is known of a member. */
  enum State {
    /** Nothing yet; it gets sessions. */
    UNKNOWN,
    UP,
    DOWN
  }

  private State state = State.UNKNOWN;
  private String reason = "";
  private int goodChecks;
  private int badChecks;
  private int failuresInARow;
  private long upSince;
  private boolean hasBeenDown;
  private long retryAt;

  State state() {
    return state;
  }

  /** Why it is down; empty while it is not. */
  String reason() {
    return state == State.DOWN ? reason : "";
  }

  /** A check went well. */
  void checkedWell(Check check, long now) {
    badChecks = 0;
    goodChecks++;
    if (state == State.UNKNOWN || (state == State.DOWN && goodChecks >= check.rise())) {
      up(now);
    }
  }

  /** A check has failed. */
  void checkedBadly(Check check, String why) {
    goodChecks = 0;
    badChecks++;
    if (state == State.UNKNOWN || badChecks >= check.fall()) {
      down(why);
    } else if (state == State.DOWN) {
      reason = why;
    }
  }

  /** A session has connected. What a check took down, only checks bring back. */
  void connected(boolean isChecked, long now) {
    failuresInARow = 0;
    if (state != State.UP && !isChecked) {
      up(now);
    }
  }

  /** A session could not connect. */
  void failedToConnect(Passive passive, String why, long now) {
    failuresInARow++;
    if (passive.fails() > 0 && failuresInARow >= passive.fails()) {
      down(why + (failuresInARow == 1 ? "" : " (" + failuresInARow + " sessions in a row)"));
      retryAt = now + passive.retryAfter().toNanos();
    }
  }

  private void up(long now) {
    state = State.UP;
    upSince = now;
    failuresInARow = 0;
  }

  private void down(String why) {
    if (state != State.DOWN) {
      goodChecks = 0; // only checks from now on count for its return
    }
    state = State.DOWN;
    hasBeenDown = true;
    reason = why;
  }

  /** It is checked no more: nothing but sessions can bring it back. */
  void forgetChecks(long now) {
    goodChecks = 0;
    badChecks = 0;
    retryAt = now;
  }

  /** Whether it is worth a session. */
  boolean isUsable(Optional<Check> check, long now) {
    return state != State.DOWN || (check.isEmpty() && now - retryAt >= 0);
  }

  /** A session tries a member that is down: the next one does so after a while. */
  void beingTried(Passive passive, long now) {
    if (state == State.DOWN) {
      retryAt = now + passive.retryAfter().toNanos();
    }
  }

  /** Its part of a full share, from 0 to 1: it grows for some time after it has come back. */
  double share(Duration slowStart, long now) {
    if (!hasBeenDown || state != State.UP || slowStart.isZero()) {
      return 1;
    }
    double part = (double) (now - upSince) / slowStart.toNanos();
    return Math.max(0.05, Math.min(1, part));
  }

  /** It was down before the process began again. One check that goes well is enough now. */
  void restoreDown(String why, long now) {
    if (state == State.UNKNOWN) {
      down(why);
      retryAt = now;
      goodChecks = Integer.MAX_VALUE / 2;
    }
  }
}
