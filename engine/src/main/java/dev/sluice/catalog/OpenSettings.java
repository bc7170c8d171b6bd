package dev.sluice.catalog;

import java.time.Duration;

/**
 * What the command line says that concerns opening addresses.
 *
 * @param programName the name in log lines, and, in capitals, the prefix of exported variables
 * @param listenFamily IP version to listen on where the address leaves it open: 4, 6, or 0 for the
 *     widest
 * @param resolveFamily IP version whose addresses are tried first: 4, 6, or 0 for the resolver's
 *     order
 * @param blockSize bytes moved at once
 * @param experimental whether warnings about experimental features are left out
 * @param forkPause how long a new child, and what made it, wait before they go on, so that a
 *     debugger can be attached
 */
public record OpenSettings(
    String programName,
    int listenFamily,
    int resolveFamily,
    int blockSize,
    boolean experimental,
    Duration forkPause) {
  /** The version that scripts see, of the reference that this project follows. */
  public static final String VERSION = "1.8.1.1";

  public static final OpenSettings DEFAULT =
      new OpenSettings("sluice", 4, 4, 8192, false, Duration.ZERO);
}
