package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The descriptors that this process has open, from /proc/self/fd. */
public final class Descriptors {
  private static final long PATIENCE_SECONDS = 10;

  private final Map<String, String> before;

  private Descriptors(Map<String, String> before) {
    this.before = before;
  }

  /** Remembers what is open now. */
  public static Descriptors now() {
    return new Descriptors(list());
  }

  /** Waits until nothing is open that was not; fails when that does not come. */
  public void assertNothingNew() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Map<String, String> more = news();
    while (!more.isEmpty() && System.nanoTime() - end < 0) {
      await();
      more = news();
    }
    if (!more.isEmpty()) {
      throw new AssertionError("still open: " + more);
    }
  }

  private Map<String, String> news() {
    Map<String, String> more = list();
    more.entrySet().removeAll(before.entrySet());
    return more;
  }

  private static void await() {
    try {
      if (new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Number and target of each; what the JVM opens to load code is left out. */
  private static Map<String, String> list() {
    Map<String, String> all = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path entry : entries) {
        try {
          String target = Files.readSymbolicLink(entry).toString();
          if (!target.matches(".*\\.(jar|so|jsa|aot)|/proc/.*|.*/(modules|random|urandom)")) {
            all.put(String.valueOf(entry.getFileName()), target);
          }
        } catch (IOException e) {
          // closed since it was listed
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
