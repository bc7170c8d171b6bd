package dev.sluice.option;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in seconds as strtod(3) reads numbers, but only numbers: no infinity, no "not a number".
 *
 * @param time what was read; 292 years at most
 * @param length characters used, 0 when there was no number
 */
public record Seconds(Duration time, int length) {
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\s*([+-]?)(?:0[xX]([0-9a-fA-F]{1,15})|((?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?))");

  /** Reads from the start of {@code text}. */
  public static Seconds parse(String text) {
    Matcher number = NUMBER.matcher(text);
    if (!number.lookingAt()) {
      return new Seconds(Duration.ZERO, 0);
    }
    double value =
        number.group(2) != null
            ? Long.parseLong(number.group(2), 16)
            : Double.parseDouble(number.group(3));
    long nanos = (long) (value * 1e9);
    return new Seconds(
        Duration.ofNanos(number.group(1).equals("-") ? -nanos : nanos), number.end());
  }
}
