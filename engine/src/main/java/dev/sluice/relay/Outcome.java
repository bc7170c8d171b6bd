package dev.sluice.relay;

import dev.sluice.log.RelayLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a relay or session ended. Two outcomes are equal if status and error are; the cause does not
 * count.
 */
public final class Outcome {
  public static final Outcome OK = new Outcome(0, false);
  public static final Outcome FAILED = new Outcome(1, true);

  /** It ended normally, but a program behind one of its addresses had failed. */
  public static final Outcome PROGRAM_FAILED = new Outcome(1, false);

  /** Opening failed without a message of its own. */
  public static final Outcome NOT_OPENED = new Outcome(255, false);

  private final int status;
  private final boolean error;
  private final @Nullable Throwable cause;

  /**
   * An outcome without a cause.
   *
   * @param status exit status: 0 for a normal end, 1 after an error or a program's failure, 255 if
   *     an address could not be opened and no error was logged
   * @param error whether an error ended it
   */
  public Outcome(int status, boolean error) {
    this(status, error, null);
  }

  private Outcome(int status, boolean error, @Nullable Throwable cause) {
    this.status = status;
    this.error = error;
    this.cause = cause;
  }

  /** The same outcome, with what has failed. */
  Outcome because(Throwable failure) {
    return new Outcome(status, error, failure);
  }

  /** The exit status. */
  public int status() {
    return status;
  }

  /** Whether an error ended it. */
  public boolean error() {
    return error;
  }

  /**
   * What has failed: the error of the call ({@code NativeError}), why an address could not be
   * opened ({@code OpenFailure}), or an exception of a stream or of the relay itself.
   */
  public Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  /** Says so in the log. */
  void announce(RelayLog log) {
    if (error) {
      log.unlowered().notice("exit(%d)", status);
    } else {
      log.notice("exiting with status %d", status == NOT_OPENED.status ? -1 : status);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Outcome outcome && outcome.status == status && outcome.error == error;
  }

  @Override
  public int hashCode() {
    return 2 * status + (error ? 1 : 0);
  }

  @Override
  public String toString() {
    return "status "
        + status
        + (error ? " after an error" : "")
        + (cause == null ? "" : ": " + cause);
  }
}
