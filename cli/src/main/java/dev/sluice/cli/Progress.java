package dev.sluice.cli;

import dev.sluice.os.LibC;
import dev.sluice.relay.TransferStart;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a transfer is, as one line on stderr: bytes, share, rate and time for each direction that
 * has moved anything. In a terminal the line is written over itself; elsewhere each is a line of
 * its own. A thread of its own writes it, so that a slow terminal holds no data up.
 */
final class Progress {
  private static final long STEP = TimeUnit.SECONDS.toNanos(1);
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  /** The only one: the JDK remembers every stream of standard error for ever. */
  private static final OutputStream OUT = new FileOutputStream(FileDescriptor.err);

  private final int asked;
  private boolean inTerminal;
  private volatile @Nullable TransferStart transfer;
  private volatile long began;
  private volatile boolean over;

  /**
   * Shows nothing yet.
   *
   * @param asked how often the user asked for it: once is for terminals only
   */
  Progress(int asked) {
    this.asked = asked;
  }

  boolean isAskedFor() {
    return asked > 0;
  }

  /** A transfer begins. */
  void started(Supplier<TransferStart> start) {
    inTerminal = asked > 0 && LibC.isTerminal(2);
    if (asked > 1 || inTerminal) {
      began = System.nanoTime();
      transfer = start.get();
      Thread thread = new Thread(this::tick, "progress");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Writes the last line. */
  void ended() {
    over = true;
    TransferStart last = transfer;
    if (last != null) {
      transfer = null;
      show(last, "\n");
    }
  }

  private void tick() {
    for (long next = began + STEP; !over; next += STEP) {
      while (next - System.nanoTime() > 0) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      TransferStart current = transfer;
      if (current != null) {
        show(current, inTerminal ? "" : "\n");
      }
    }
  }

  private synchronized void show(TransferStart current, String end) {
    if (end.isEmpty() && over) {
      return;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    double exact = Math.max(1, System.nanoTime() - began) / 1e9;
    List<String> parts = new ArrayList<>();
    for (TransferDirection direction : TransferDirection.values()) {
      Transfer moved = current.transfers().of(direction);
      if (moved != null && (moved.bytes() > 0 || current.size(direction).isPresent())) {
        String arrow = direction == TransferDirection.LEFT_TO_RIGHT ? "> " : "< ";
        parts.add(arrow + part(moved.bytes(), current.size(direction), exact));
      }
    }
    String text = String.join("  ", parts) + (parts.isEmpty() ? "" : "  ") + clock(seconds);
    try {
      String line = (inTerminal ? "\r" : "") + text + (inTerminal ? "\033[K" : "") + end;
      OUT.write(line.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      over = true; // nobody looks any more
    }
  }

  /** One direction: {@code 12.3 MB 45% 3.4 MB/s, 0:12 left}. */
  static String part(long bytes, OptionalLong size, double seconds) {
    double rate = bytes / seconds;
    StringBuilder text = new StringBuilder(amount((double) bytes));
    size.ifPresent(
        all ->
            text.append(' ').append(all == 0 ? 100 : Math.min(100, bytes * 100 / all)).append('%'));
    text.append(' ').append(amount(rate)).append("/s");
    if (size.isPresent() && bytes > 0 && bytes < size.getAsLong()) {
      text.append(", ")
          .append(clock(Math.round((size.getAsLong() - bytes) / rate)))
          .append(" left");
    }
    return text.toString();
  }

  /** Three digits and a unit of powers of 1000. */
  static String amount(double bytes) {
    int unit = 0;
    double value = bytes;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String format =
        unit == 0 || value >= 99.95 ? "%.0f %s" : value >= 9.995 ? "%.1f %s" : "%.2f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }

  /** Hours, minutes and seconds: {@code 0:07}, {@code 1:02:03}. */
  static String clock(long seconds) {
    long minutes = seconds / 60;
    return minutes < 60
        ? String.format(Locale.ROOT, "%d:%02d", minutes, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", minutes / 60, minutes % 60, seconds % 60);
  }
}
