package dev.sluice.fleet.model;

import java.time.Duration;

/**
 * When a relay that has ended is begun again.
 *
 * @param when after which ends
 * @param interval time before the first attempt; it doubles with each failure that follows
 * @param backoff the longest time between two attempts
 */
public record Retry(When when, Duration interval, Duration backoff) {
  /** After which ends a relay is begun again. */
  public enum When {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }

  public static final Retry DEFAULT =
      new Retry(When.ALWAYS, Duration.ofSeconds(1), Duration.ofSeconds(30));
}
