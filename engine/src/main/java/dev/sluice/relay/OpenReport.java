package dev.sluice.relay;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;

/** Says why an address could not be opened. */
final class OpenReport {
  private static final String NOT_LISTENING =
      "nobody listens there; options retry and forever try again";

  private OpenReport() {}

  /** Logs the failure unless it has been; returns what it means for the exit status. */
  static Outcome log(RelayLog log, Throwable cause, boolean sloppy) {
    if (cause instanceof AcceptTimeout timeout) {
      log.warning(timeout.getMessage());
      log.notice("Waiting for child processes to terminate");
      return Outcome.OK;
    }
    if (cause instanceof OpenFailure failure && failure.isReported()) {
      return Outcome.NOT_OPENED.because(cause);
    }
    log.error(cause.getMessage() == null ? cause.toString() : cause.getMessage(), hint(log, cause));
    return (sloppy ? Outcome.NOT_OPENED : Outcome.FAILED).because(cause);
  }

  /** Not in one of many sessions: looking in /proc takes a while, and others would wait. */
  private static String hint(RelayLog log, Throwable cause) {
    boolean alone = log.session() == RelayLog.ofProcess().session();
    return alone ? hint(cause) : "";
  }

  private static String hint(Throwable cause) {
    int errno = 0;
    String hint = "";
    if (cause instanceof NativeError error) {
      errno = error.errno();
      hint = error.hint();
    } else if (cause instanceof OpenFailure failure) {
      errno = failure.errno();
      hint = failure.hint();
    }
    return errno == Errno.ECONNREFUSED ? NOT_LISTENING : hint;
  }
}
