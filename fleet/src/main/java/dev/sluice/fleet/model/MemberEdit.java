package dev.sluice.fleet.model;

import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What was said of a pool's member by hand; it stays through every apply.
 *
 * @param weight in place of the one that the file has; empty for that one
 * @param mode whether it may have sessions
 */
public record MemberEdit(OptionalInt weight, Mode mode) {
  /** Whether a member may have sessions. */
  public enum Mode {
    /** As its health says. */
    READY,
    /** No new ones; those it has go on. */
    DRAIN,
    /** None: those it has are ended, and it is not checked. */
    DISABLED;

    /** In the words of the API. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static final MemberEdit NONE = new MemberEdit(OptionalInt.empty(), Mode.READY);

  /**
   * The same with what differs.
   *
   * @param newWeight below 0 for the file's own; null leaves it
   * @param newMode null leaves it
   */
  public MemberEdit with(@Nullable Integer newWeight, @Nullable Mode newMode) {
    return new MemberEdit(
        newWeight == null
            ? weight
            : newWeight < 0 ? OptionalInt.empty() : OptionalInt.of(newWeight),
        newMode == null ? mode : newMode);
  }

  /** For a reader: {@code weight 3, drain}. */
  @Override
  public String toString() {
    String text = weight.isPresent() ? "weight " + weight.getAsInt() : "";
    return mode == Mode.READY ? text : text + (text.isEmpty() ? "" : ", ") + mode.text();
  }
}
