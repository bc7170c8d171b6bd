package dev.sluice.catalog;

/** An address that could not be opened; the message is what the user reads. */
public final class OpenFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final boolean retryable;
  private final boolean reported;

  private OpenFailure(String message, boolean retryable, boolean reported) {
    super(null, null, false, false);
    this.text = message;
    this.retryable = retryable;
    this.reported = reported;
  }

  /** Another attempt may succeed: connection refused, address in use, name server silent. */
  public static OpenFailure retryable(String message) {
    return new OpenFailure(message, true, false);
  }

  /** Another attempt would fail in the same way. */
  public static OpenFailure lasting(String message) {
    return new OpenFailure(message, false, false);
  }

  @Override
  public String getMessage() {
    return text;
  }

  /**
   * As {@link #retryable}, when all that is to be said has been logged, at whatever severity: the
   * user reads no error.
   */
  public static OpenFailure reported(String message) {
    return new OpenFailure(message, true, true);
  }

  /** Whether no error is to be logged for it. */
  public boolean isReported() {
    return reported;
  }

  public boolean isRetryable() {
    return retryable;
  }
}
