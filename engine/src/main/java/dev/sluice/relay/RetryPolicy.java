package dev.sluice.relay;

import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What a failed attempt to open an address means.
 *
 * @param retries attempts after the first one; {@link Integer#MAX_VALUE} for no limit
 * @param interval time between attempts
 * @param backoff when given, the time doubles with each attempt up to this, and is shortened at
 *     random by up to a quarter
 */
public record RetryPolicy(int retries, Duration interval, Optional<Duration> backoff) {
  private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  /** The first failure is final. */
  public static RetryPolicy never() {
    return new RetryPolicy(0, DEFAULT_INTERVAL, Optional.empty());
  }

  /** Tries {@code retries} times more. */
  public static RetryPolicy times(int retries, Duration interval) {
    return new RetryPolicy(retries, interval, Optional.empty());
  }

  /** Tries until it succeeds. */
  public static RetryPolicy forever(Duration interval) {
    return new RetryPolicy(Integer.MAX_VALUE, interval, Optional.empty());
  }

  /** The policy that an address's options ask for. */
  public static RetryPolicy of(Options options) {
    int retries = options.get(RelayOptions.RETRY, 0);
    boolean isForever = options.isOn(RelayOptions.FOREVER) || retries < 0;
    return new RetryPolicy(
        isForever ? Integer.MAX_VALUE : retries,
        Delays.schedulable(options.get(RelayOptions.INTERVAL, DEFAULT_INTERVAL)),
        options.find(RelayOptions.BACKOFF));
  }

  /** Whether attempt number {@code attempt}, counted from 0, is the last. */
  public boolean isLast(int attempt) {
    return retries != Integer.MAX_VALUE && attempt >= retries;
  }

  /** Time to wait after attempt number {@code attempt}, counted from 0. */
  public Duration delay(int attempt) {
    return backoff.map(limit -> backedOff(attempt, limit)).orElse(interval);
  }

  private Duration backedOff(int attempt, Duration limit) {
    Duration doubled = interval.multipliedBy(1L << Math.min(attempt, 30));
    Duration longest = doubled.compareTo(limit) < 0 ? doubled : limit;
    return longest.minusNanos(
        (long) (longest.toNanos() * 0.25 * ThreadLocalRandom.current().nextDouble()));
  }
}
