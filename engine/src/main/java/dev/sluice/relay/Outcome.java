package dev.sluice.relay;

import dev.sluice.log.RelayLog;

/**
 * How a relay or session ended.
 *
 * @param status exit status: 0 for a normal end, 1 after an error or a program's failure, 255 when
 *     an address could not be opened and nobody was told
 * @param error whether an error ended it
 */
public record Outcome(int status, boolean error) {
  public static final Outcome OK = new Outcome(0, false);
  public static final Outcome FAILED = new Outcome(1, true);

  /** It ended by itself, but a program behind one of its addresses had failed. */
  public static final Outcome PROGRAM_FAILED = new Outcome(1, false);

  /** Opening failed without a message of its own. */
  public static final Outcome NOT_OPENED = new Outcome(255, false);

  /** Says so in the log. */
  void announce(RelayLog log) {
    if (error) {
      log.unlowered().notice("exit(%d)", status);
    } else {
      log.notice("exiting with status %d", status == NOT_OPENED.status ? -1 : status);
    }
  }
}
