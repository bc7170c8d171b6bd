package dev.sluice.catalog;

import java.util.function.Supplier;

/** An address that could not be opened; the message is what the user reads. */
public final class OpenFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String text;
  private final boolean retryable;
  private final boolean reported;
  private final int errno;
  private final Supplier<String> hint;

  private OpenFailure(String message, boolean retryable, boolean reported) {
    this(message, retryable, reported, 0, () -> "");
  }

  private OpenFailure(
      String message, boolean retryable, boolean reported, int errno, Supplier<String> hint) {
    super(null, null, false, false);
    this.hint = hint;
    this.errno = errno;
    this.text = message;
    this.retryable = retryable;
    this.reported = reported;
  }

  /** Another attempt may succeed: connection refused, address in use, name server silent. */
  public static OpenFailure retryable(String message) {
    return new OpenFailure(message, true, false);
  }

  /** As {@link #retryable(String)}, of a system call that failed. */
  public static OpenFailure retryable(String message, int errno) {
    return new OpenFailure(message, true, false, errno, () -> "");
  }

  /** Another attempt would fail in the same way. */
  public static OpenFailure lasting(String message) {
    return new OpenFailure(message, false, false);
  }

  /**
   * As {@link #lasting(String)}, with what to check.
   *
   * @param hint looked up when the failure is reported; empty if there is nothing to say
   */
  public static OpenFailure lasting(String message, Supplier<String> hint) {
    return new OpenFailure(message, false, false, 0, hint);
  }

  /** What the user may check, in a few words; often empty. May take a while to compute. */
  public String hint() {
    return hint.get();
  }

  @Override
  public String getMessage() {
    return text;
  }

  /** As {@link #retryable}, if everything was logged already: no error is logged for it. */
  public static OpenFailure reported(String message) {
    return new OpenFailure(message, true, true);
  }

  /** Whether no error is to be logged for it. */
  public boolean isReported() {
    return reported;
  }

  /**
   * The error number of the system call that failed; 0 if there was none, or if it is not known.
   */
  public int errno() {
    return errno;
  }

  public boolean isRetryable() {
    return retryable;
  }
}
