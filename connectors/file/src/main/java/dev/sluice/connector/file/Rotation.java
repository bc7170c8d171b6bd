package dev.sluice.connector.file;

import akka.util.ByteString;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;

/** Decides when a new file is begun. */
final class Rotation {
  private final FileNames names;
  private final long size;
  private final long interval;
  private final Clock clock;
  private long written;
  private long period = -1;
  private boolean begun;

  /**
   * Decides for one sink.
   *
   * @param size most bytes of a file
   * @param interval milliseconds of a period, 0 for one that never ends
   */
  Rotation(FileNames names, long size, long interval, Clock clock) {
    this.names = names;
    this.size = size;
    this.interval = interval;
    this.clock = clock;
  }

  /** The file that a block begins; empty when it goes to the one that is open. */
  Optional<Path> next(ByteString block) {
    long now = interval == 0 ? 0 : clock.millis() / interval;
    boolean anew = !begun || now != period || written > size - block.length();
    written = anew ? block.length() : written + block.length();
    period = now;
    begun = true;
    return anew
        ? Optional.of(names.next(clock.instant().atZone(ZoneOffset.UTC)))
        : Optional.empty();
  }
}
