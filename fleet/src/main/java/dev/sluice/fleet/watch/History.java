package dev.sluice.fleet.watch;

import dev.sluice.fleet.watch.Sample.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What moved in the last 15 minutes and 24 hours, of the fleet and of each relay. A relay takes
 * room from the first byte that it moves: 3 KiB. Thread-safe.
 */
public final class History {
  /** Between two samples. */
  public static final Duration STEP = Duration.ofSeconds(10);

  private static final int SHORT_POINTS = 90;
  private static final int LONG_POINTS = 288;

  /** So many short steps make a long one. */
  private static final int STEPS = 30;

  /** How far back a series goes. */
  public enum Span {
    /** A point each 10 s. */
    MINUTES_15(SHORT_POINTS, STEP),
    /** A point each 5 min, the mean of that time. */
    HOURS_24(LONG_POINTS, STEP.multipliedBy(STEPS));

    private final int points;
    private final Duration step;

    Span(int points, Duration step) {
      this.points = points;
      this.step = step;
    }

    public Duration step() {
      return step;
    }
  }

  /**
   * Points of a graph, the oldest first.
   *
   * @param end when the newest one was taken
   * @param step between two points
   * @param right bytes in a second from left to right
   * @param left bytes in a second from right to left
   * @param sessions that were alive; of the fleet alone, else empty
   */
  public record Series(
      Instant end, Duration step, List<Float> right, List<Float> left, List<Float> sessions) {}

  /** The newest values of one number; zero before there were any. */
  private static final class Ring {
    private final float[] recent = new float[SHORT_POINTS];
    private final float[] longer = new float[LONG_POINTS];
    private double sum;

    void add(long tick, double value) {
      recent[(int) (tick % SHORT_POINTS)] = (float) value;
      sum += value;
      if ((tick + 1) % STEPS == 0) {
        longer[(int) (tick / STEPS % LONG_POINTS)] = (float) (sum / STEPS);
        sum = 0;
      }
    }

    /** The {@code count} values before position {@code end}. */
    List<Float> values(Span span, long end, int count) {
      float[] from = span == Span.MINUTES_15 ? recent : longer;
      List<Float> values = new ArrayList<>(count);
      for (long i = end - count; i < end; i++) {
        values.add(from[(int) (i % span.points)]);
      }
      return values;
    }
  }

  /** Both directions of a relay. */
  private static final class Rings {
    private final Ring right = new Ring();
    private final Ring left = new Ring();

    void add(long tick, Rate rate) {
      right.add(tick, rate.right());
      left.add(tick, rate.left());
    }
  }

  private final Map<String, Rings> relays = new HashMap<>();
  private final Rings total = new Rings();
  private final Ring sessions = new Ring();
  private Instant shortEnd = Instant.EPOCH;
  private Instant longEnd = Instant.EPOCH;
  private long ticks;

  /** Takes the next sample, one step after the one before. */
  public synchronized void add(Sample sample) {
    long active = 0;
    Set<String> names = new HashSet<>();
    for (var relay : sample.status().relays()) {
      active += relay.sums().active();
      names.add(relay.definition().name());
    }
    relays.keySet().retainAll(names);
    sample.rates().keySet().forEach(name -> relays.computeIfAbsent(name, any -> new Rings()));
    relays.forEach((name, rings) -> rings.add(ticks, sample.rate(name)));
    total.add(ticks, sample.total());
    sessions.add(ticks, (double) active);
    ticks++;
    shortEnd = sample.time();
    if (ticks % STEPS == 0) {
      longEnd = sample.time();
    }
  }

  /** What all relays moved together. */
  public synchronized Series total(Span span) {
    return series(span, total, sessions);
  }

  /** What a relay moved; zeros when it has not moved anything, or is not there. */
  public synchronized Series relay(String name, Span span) {
    return series(span, relays.getOrDefault(name, new Rings()), null);
  }

  private Series series(Span span, Rings rings, @Nullable Ring alive) {
    long end = span == Span.MINUTES_15 ? ticks : ticks / STEPS;
    int count = (int) Math.min(end, span.points);
    return new Series(
        span == Span.MINUTES_15 ? shortEnd : longEnd,
        span.step,
        rings.right.values(span, end, count),
        rings.left.values(span, end, count),
        alive == null ? List.of() : alive.values(span, end, count));
  }
}
