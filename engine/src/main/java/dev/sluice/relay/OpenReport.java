package dev.sluice.relay;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;

/** Says why an address could not be opened. */
final class OpenReport {
  private OpenReport() {}

  /** Logs the failure unless it has been; returns what it means for the exit status. */
  static Outcome log(RelayLog log, Throwable cause, boolean sloppy) {
    if (cause instanceof AcceptTimeout timeout) {
      log.warning(timeout.getMessage());
      log.notice("Waiting for child processes to terminate");
      return Outcome.OK;
    }
    if (cause instanceof OpenFailure failure && failure.isReported()) {
      return Outcome.NOT_OPENED;
    }
    log.error(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    return sloppy ? Outcome.NOT_OPENED : Outcome.FAILED;
  }
}
