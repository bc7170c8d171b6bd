package dev.sluice.fleet.top;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How numbers and texts are shown in a terminal. */
public final class Figures {
  private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
  private static final String BARS = " ▁▂▃▄▅▆▇█";

  private Figures() {}

  /** A number of bytes: {@code 0 B}, {@code 1.5 KiB}, {@code 640 MiB}; at most 8 characters. */
  public static String bytes(long count) {
    double value = count;
    int unit = 0;
    while (value >= 1023.5 && unit < UNITS.size() - 1) {
      value /= 1024;
      unit++;
    }
    String digits = unit > 0 && value < 9.95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, digits, value) + " " + UNITS.get(unit);
  }

  /** Bytes in a second; a dash where nothing moves. */
  public static String rate(long perSecond) {
    return perSecond == 0 ? "-" : bytes(perSecond) + "/s";
  }

  /** A time that has passed: {@code 12s}, {@code 5m}, {@code 3h20m}, {@code 4d}. */
  public static String age(String since, Instant now) {
    Duration time = Duration.between(Instant.parse(since), now);
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 60) {
      return seconds + "s";
    } else if (seconds < 3600) {
      return seconds / 60 + "m";
    } else if (seconds < 86_400) {
      return seconds / 3600 + "h" + seconds / 60 % 60 + "m";
    }
    return seconds / 86_400 + "d" + seconds / 3600 % 24 + "h";
  }

  /** The newest values as bars, the highest one being the highest bar. */
  static String bars(List<Long> values, int width) {
    List<Long> shown = values.subList(Math.max(0, values.size() - width), values.size());
    long high = Math.max(1, shown.stream().mapToLong(Long::longValue).max().orElse(1));
    StringBuilder bars = new StringBuilder();
    for (long value : shown) {
      int height = value == 0 ? 0 : (int) Math.max(1, Math.round(8.0 * value / high));
      bars.append(BARS.charAt(height));
    }
    return bars.toString();
  }

  /**
   * A text of a stranger, in one line: control characters, and marks that turn the direction of
   * writing, are shown as their numbers.
   */
  public static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              int type = Character.getType(c);
              if (type == Character.CONTROL
                  || type == Character.FORMAT
                  || type == Character.LINE_SEPARATOR
                  || type == Character.PARAGRAPH_SEPARATOR
                  || type == Character.SURROGATE) {
                plain.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }
}
