package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void neverTriesOnce() {
    assertTrue(RetryPolicy.never().isLast(0));
  }

  @Test
  void timesCountsAttemptsAfterTheFirst() {
    RetryPolicy twice = RetryPolicy.times(2, SECOND);
    assertFalse(twice.isLast(0));
    assertFalse(twice.isLast(1));
    assertTrue(twice.isLast(2));
  }

  @Test
  void foreverHasNoLastAttempt() {
    assertFalse(RetryPolicy.forever(SECOND).isLast(Integer.MAX_VALUE));
  }

  @Test
  void waitsTheSameIntervalWithoutBackoff() {
    RetryPolicy policy = RetryPolicy.times(3, Duration.ofMillis(250));
    assertEquals(Duration.ofMillis(250), policy.delay(0));
    assertEquals(Duration.ofMillis(250), policy.delay(40));
  }

  @Test
  void backoffDoublesUpToItsLimitLessAQuarterAtMost() {
    Duration limit = Duration.ofSeconds(20);
    RetryPolicy policy = new RetryPolicy(Integer.MAX_VALUE, SECOND, Optional.of(limit));
    for (int attempt = 0; attempt < 100; attempt++) {
      long full = Math.min(20_000, 1000L << Math.min(attempt, 20));
      for (int sample = 0; sample < 50; sample++) {
        long millis = policy.delay(attempt).toMillis();
        int number = attempt;
        assertTrue(
            millis >= full * 3 / 4 && millis <= full,
            () -> "after attempt " + number + ": " + millis + " ms of " + full);
      }
    }
  }

  @Test
  void backoffBelowTheIntervalIsTheLongestWait() {
    RetryPolicy policy =
        new RetryPolicy(1, Duration.ofSeconds(10), Optional.of(Duration.ofSeconds(2)));
    assertTrue(policy.delay(0).compareTo(Duration.ofSeconds(2)) <= 0);
  }

  @Test
  void readsOptions() {
    assertEquals(RetryPolicy.never(), RetryPolicy.of(new Options(List.of())));
    assertEquals(
        RetryPolicy.times(4, Duration.ofMillis(200)),
        RetryPolicy.of(
            new Options(
                List.of(
                    new OptionValue<>(RelayOptions.RETRY, 4, "retry=4"),
                    new OptionValue<>(
                        RelayOptions.INTERVAL, Duration.ofMillis(200), "interval=0.2")))));
    assertEquals(
        RetryPolicy.forever(SECOND),
        RetryPolicy.of(
            new Options(
                List.of(
                    new OptionValue<>(RelayOptions.RETRY, 4, "retry=4"),
                    new OptionValue<>(RelayOptions.FOREVER, true, "forever")))));
  }
}
