package dev.sluice.relay;

/**
 * How a relay or session ended.
 *
 * @param status exit status: 0 for a normal end, 1 after an error, 255 when an address could not be
 *     opened and nobody was told
 */
public record Outcome(int status) {
  public static final Outcome OK = new Outcome(0);
  public static final Outcome FAILED = new Outcome(1);

  /** Opening failed without a message of its own. */
  public static final Outcome NOT_OPENED = new Outcome(255);
}
