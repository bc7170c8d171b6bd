package dev.sluice.cli;

import dev.sluice.log.RelayLog;
import java.io.IOException;
import java.util.Optional;

/** What {@code filan} and {@code procan} share. */
final class PropertyTools {
  private PropertyTools() {}

  /** Messages go to standard error, in the tool's name. */
  static RelayLog startLogging(String programName, int verbosity) {
    try {
      Logging.configure(
          new LogSettings(
              verbosity,
              programName,
              false,
              Optional.empty(),
              true,
              false,
              Optional.empty(),
              Optional.empty(),
              false));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return RelayLog.ofProcess();
  }
}
