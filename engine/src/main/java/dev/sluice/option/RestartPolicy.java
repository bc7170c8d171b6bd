package dev.sluice.option;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a relay that has ended begins again, written {@code never}, {@code on-failure} or {@code
 * always}, with a budget if wanted: {@code on-failure:5/60} is at most five times in any 60
 * seconds.
 *
 * @param when after which ends
 * @param budget restarts within the window; {@link Integer#MAX_VALUE} for no limit
 * @param window the time that the budget is for
 */
public record RestartPolicy(When when, int budget, Duration window) {
  /** After which ends a relay begins again. */
  public enum When {
    NEVER,
    ON_FAILURE,
    ALWAYS
  }

  private static final String SYNTAX =
      "(never|on-failure|always)(?::(\\d{1,6})/(\\d{1,6}(?:\\.\\d{1,6})?))?";

  /** What the option's value is read with. */
  static final OptionType<RestartPolicy> TYPE =
      new OptionType<>(
          "RESTART", (option, spec) -> parse(option.name(), OptionType.required(spec)));

  public static RestartPolicy never() {
    return new RestartPolicy(When.NEVER, 0, Duration.ZERO);
  }

  /** Begins again after an end with a status other than 0, without limit. */
  public static RestartPolicy onFailure() {
    return new RestartPolicy(When.ON_FAILURE, Integer.MAX_VALUE, Duration.ofDays(1));
  }

  /** Begins again after every end, without limit. */
  public static RestartPolicy always() {
    return new RestartPolicy(When.ALWAYS, Integer.MAX_VALUE, Duration.ofDays(1));
  }

  /** The same with at most {@code count} restarts in any {@code time}. */
  public RestartPolicy atMost(int count, Duration time) {
    return new RestartPolicy(when, count, time);
  }

  /** Whether an end with that exit status is followed by a restart, the budget aside. */
  public boolean appliesTo(int status) {
    return when == When.ALWAYS || (when == When.ON_FAILURE && status != 0);
  }

  private static RestartPolicy parse(String option, String text) {
    Matcher matcher = Pattern.compile(SYNTAX).matcher(text);
    if (!matcher.matches()) {
      throw new OptionType.BadValue(
          "option \""
              + option
              + "\": \""
              + text
              + "\" is not never, on-failure or always, with :COUNT/SECONDS if wanted");
    }
    RestartPolicy policy =
        switch (matcher.group(1)) {
          case "never" -> never();
          case "always" -> always();
          default -> onFailure();
        };
    if (matcher.group(2) == null) {
      return policy;
    }
    long nanos = (long) (Double.parseDouble(matcher.group(3)) * 1e9);
    return policy.atMost(Integer.parseInt(matcher.group(2)), Duration.ofNanos(nanos));
  }
}
