package dev.sluice.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes log lines on a thread of its own, in the order in which they come, so that whoever logs
 * never waits for a pipe, a terminal or a file.
 *
 * <p>At most {@link #CAPACITY} lines wait. When no more fit, lines are dropped and counted until
 * all that waited are written; then one line tells how many were lost. A line that a target fails
 * to take counts as lost. The thread starts with the first line. Thread-safe.
 */
final class LogWriter {
  /** How many lines wait at most. */
  static final int CAPACITY = 8_192;

  /**
   * How long the thread naps when it has written everything, in nanoseconds. Lines that come
   * meanwhile wait for its end and wake nobody: a wake for each line would cost a relay of many
   * short sessions more than the line.
   */
  private static final long NAP = 4_000_000;

  /** Lines that are taken at once: whoever logs has to wait for the lock less often. */
  private static final int BATCH = 64;

  /** How long {@link #flush} waits for a target that takes nothing, in milliseconds. */
  private static final long PATIENCE = 500;

  /**
   * What one write to each target needs.
   *
   * @param targets where the line goes
   * @param text for stderr and files: with time and name, cut to its limit, with its newline
   * @param bare severity letter and text alone
   * @param severity 0 (fatal) to 5 (debug)
   * @param session its number, or the process id
   * @param relay the relay's name; empty outside fleets
   */
  record Line(
      List<LogTarget> targets,
      String text,
      String bare,
      int severity,
      long session,
      String relay) {}

  private final LongFunction<Line> lossReport;
  private final ArrayDeque<Line> waiting = new ArrayDeque<>();
  private @Nullable Thread thread;
  private long lost;
  private final AtomicLong written = new AtomicLong();
  private boolean writing;

  /** The thread sleeps until it is woken; not set while it naps. */
  private boolean asleep;

  /**
   * Starts no thread yet.
   *
   * @param lossReport makes the line that tells how many were lost; called without any lock held
   */
  LogWriter(LongFunction<Line> lossReport) {
    this.lossReport = lossReport;
  }

  /**
   * Starts the thread now. It keeps the credentials and the root directory of the thread that
   * starts it.
   */
  synchronized void start() {
    if (thread == null) {
      Thread started = new Thread(this::run, "log");
      started.setDaemon(true);
      started.start();
      thread = started;
    }
  }

  /** Takes a line, or counts it as lost. Never waits for a target. */
  synchronized void add(Line line) {
    if (lost > 0 || waiting.size() >= CAPACITY) {
      lost++;
      return;
    }
    waiting.add(line);
    if (starts() && asleep) { // if it does not, the next line tries again
      notifyAll();
    }
  }

  /** Starts the thread if it does not run yet; false when the system gives none now. */
  private boolean starts() {
    try {
      start();
      return true;
    } catch (OutOfMemoryError e) {
      return false;
    }
  }

  /**
   * Waits until all lines are written, but no longer than {@value #PATIENCE} ms for a target that
   * takes no line in that time. Where the system gives no thread, it writes them itself.
   */
  synchronized void flush() {
    if (!waiting.isEmpty() && !starts()) {
      waiting.forEach(LogWriter::write);
      waiting.clear();
      return;
    }
    notifyAll(); // whoever naps
    long seen = written.get();
    long since = System.nanoTime();
    while (writing || lost > 0 || !waiting.isEmpty()) {
      if (seen != written.get()) {
        seen = written.get();
        since = System.nanoTime();
      }
      long left = PATIENCE - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
      if (left <= 0) {
        return;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void run() {
    List<Line> batch = new ArrayList<>(BATCH);
    while (true) {
      boolean isReport;
      try {
        isReport = take(batch);
      } catch (InterruptedException e) {
        return; // nobody does that
      }
      int failed = 0;
      for (Line line : batch) {
        failed += write(line) ? 0 : 1;
        written.incrementAndGet();
      }
      batch.clear();
      done(isReport ? 0 : failed); // of a report that fails nobody can be told
    }
  }

  /**
   * Waits for lines and takes some; once all were written, the line that tells of lost ones.
   *
   * @return whether it is that line
   */
  private boolean take(List<Line> batch) throws InterruptedException {
    long missing;
    synchronized (this) {
      rest();
      while (batch.size() < BATCH && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      missing = batch.isEmpty() ? lost : 0;
      lost -= missing;
      writing = true;
    }
    if (missing > 0) {
      batch.add(lossReport.apply(missing));
    }
    return missing > 0;
  }

  private synchronized void done(int failed) {
    writing = false;
    lost += failed;
    if (waiting.isEmpty()) {
      notifyAll();
    }
  }

  /** Returns when there is something to write: after a nap, or woken from its sleep. */
  private void rest() throws InterruptedException {
    long end = System.nanoTime() + NAP;
    for (long left = NAP; waiting.isEmpty() && lost == 0 && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    while (waiting.isEmpty() && lost == 0) {
      asleep = true;
      wait();
      asleep = false;
    }
  }

  /** Writes to each target, also after another one has failed; returns whether none has. */
  private static boolean write(Line line) {
    boolean isWritten = true;
    for (LogTarget target : line.targets()) {
      try {
        target.write(line);
      } catch (RuntimeException e) {
        isWritten = false;
      }
    }
    return isWritten;
  }
}
