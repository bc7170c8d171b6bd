package dev.sluice.fleet.watch;

import dev.sluice.fleet.run.FleetStatus;
import dev.sluice.fleet.run.FleetStatus.RelayStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A fleet at one moment, with what moved since the sample before.
 *
 * @param status how everything is
 * @param time when
 * @param nanos the same on {@link System#nanoTime}'s clock
 * @param rates by the name of the relay; a relay in which nothing moves has none
 * @param total of all relays
 */
public record Sample(
    FleetStatus status, Instant time, long nanos, Map<String, Rate> rates, Rate total) {
  /** Bytes in a second. */
  public record Rate(double right, double left) {
    /** Nothing moves. */
    public static final Rate ZERO = new Rate(0, 0);

    /** Both directions. */
    public double both() {
      return right + left;
    }

    Rate plus(Rate other) {
      return new Rate(right + other.right, left + other.left);
    }
  }

  /** The rate of a relay. */
  public Rate rate(String relay) {
    return rates.getOrDefault(relay, Rate.ZERO);
  }

  /** A sample that is compared with the one before; the first one has no rates. */
  static Sample of(FleetStatus status, Instant time, long nanos, @Nullable Sample before) {
    Map<String, Rate> rates = new HashMap<>();
    Rate total = Rate.ZERO;
    if (before != null && nanos > before.nanos) {
      Map<String, RelayStatus> old = new HashMap<>();
      before.status.relays().forEach(relay -> old.put(relay.definition().name(), relay));
      double seconds = (nanos - before.nanos) / 1e9;
      for (RelayStatus relay : status.relays()) {
        String name = relay.definition().name();
        Rate rate = rate(relay.sums(), old.get(name), seconds);
        if (rate.both() > 0) {
          rates.put(name, rate);
          total = total.plus(rate);
        }
      }
    }
    return new Sample(status, time, nanos, rates, total);
  }

  private static Rate rate(FleetStatus.Sums now, @Nullable RelayStatus before, double seconds) {
    if (before == null) {
      return Rate.ZERO;
    }
    return new Rate(
        Math.max(0, now.leftToRight() - before.sums().leftToRight()) / seconds,
        Math.max(0, now.rightToLeft() - before.sums().rightToLeft()) / seconds);
  }
}
