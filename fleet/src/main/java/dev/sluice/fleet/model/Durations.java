package dev.sluice.fleet.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as a fleet file has them: a number and its unit. */
public final class Durations {
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|d)");

  private Durations() {}

  /** The duration, or null when the text is none, such as a number without its unit. */
  public static @Nullable Duration parse(String text) {
    Matcher shape = SHAPE.matcher(text.trim());
    if (!shape.matches()) {
      return null;
    }
    long milliseconds =
        switch (String.valueOf(shape.group(2))) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    BigDecimal nanoseconds =
        new BigDecimal(shape.group(1)).multiply(BigDecimal.valueOf(milliseconds * 1_000_000));
    return Duration.ofNanos(nanoseconds.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
  }

  /** The shortest text that {@link #parse} reads back. */
  public static String text(Duration duration) {
    long milliseconds = duration.toMillis();
    if (milliseconds % 86_400_000 == 0 && milliseconds > 0) {
      return milliseconds / 86_400_000 + "d";
    } else if (milliseconds % 3_600_000 == 0 && milliseconds > 0) {
      return milliseconds / 3_600_000 + "h";
    } else if (milliseconds % 60_000 == 0 && milliseconds > 0) {
      return milliseconds / 60_000 + "m";
    }
    return milliseconds % 1_000 == 0 ? milliseconds / 1_000 + "s" : milliseconds + "ms";
  }
}
