package dev.sluice.os;

import java.util.function.Supplier;

/**
 * A system call that failed.
 *
 * <p>The message has the shape {@code call(arguments): reason}, the reason being the C library's
 * text for {@link #errno()}, for example {@code connect(5, AF=2 127.0.0.1:1, 16): Connection
 * refused}. See errno(3).
 */
public final class NativeError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;
  private final Supplier<String> hint;

  public NativeError(String call, int errno) {
    this(call, errno, () -> "");
  }

  /**
   * With what to check.
   *
   * @param hint looked up when the error is reported; empty if there is nothing to say
   */
  NativeError(String call, int errno, Supplier<String> hint) {
    super(null, null, false, false);
    this.call = call;
    this.errno = errno;
    this.hint = hint;
  }

  /** What the user may check, in a few words; often empty. May take a while to find out. */
  public String hint() {
    return hint.get();
  }

  @Override
  public String getMessage() {
    return call + ": " + Errno.text(errno);
  }

  /** The call with its arguments, without the reason. */
  public String call() {
    return call;
  }

  /** The error number, as in errno(3). */
  public int errno() {
    return errno;
  }

  /** The C library's text for the error number. */
  public String reason() {
    return Errno.text(errno);
  }
}
