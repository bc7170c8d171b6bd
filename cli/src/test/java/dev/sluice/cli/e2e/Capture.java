package dev.sluice.cli.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Everything a stream has delivered so far, read by a thread of its own. */
final class Capture {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private boolean ended;

  Capture(InputStream stream, String name) {
    Background.start(name, () -> drain(stream));
  }

  private void drain(InputStream stream) {
    byte[] block = new byte[65536];
    try (stream) {
      for (int n = stream.read(block); n >= 0; n = stream.read(block)) {
        synchronized (this) {
          bytes.write(block, 0, n);
          notifyAll();
        }
      }
    } catch (IOException e) {
      note("[" + e + "]");
    }
    synchronized (this) {
      ended = true;
      notifyAll();
    }
  }

  /** Adds a remark of the harness to what was captured. */
  synchronized void note(String remark) {
    bytes.writeBytes(remark.getBytes(StandardCharsets.UTF_8));
    notifyAll();
  }

  synchronized String text() {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** Waits for a match; fails when the stream ends or time is up without one. */
  synchronized Matcher await(Pattern pattern, Supplier<String> state) {
    long end = System.nanoTime() + Await.LIMIT.toNanos();
    while (true) {
      Matcher matcher = pattern.matcher(text());
      if (matcher.find()) {
        return matcher;
      }
      if (ended || !pause(end)) {
        throw new AssertionError("no " + pattern + "; " + state.get());
      }
    }
  }

  /** Waits for the end of the stream and returns all of it. */
  synchronized String all(Supplier<String> state) {
    long end = System.nanoTime() + Await.LIMIT.toNanos();
    while (!ended) {
      if (!pause(end)) {
        throw new AssertionError("output stays open; " + state.get());
      }
    }
    return text();
  }

  @SuppressWarnings("WaitNotInLoop") // both callers loop
  private synchronized boolean pause(long end) {
    long left = (end - System.nanoTime()) / 1_000_000;
    if (left <= 0) {
      return false;
    }
    try {
      wait(left);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return true;
  }
}
