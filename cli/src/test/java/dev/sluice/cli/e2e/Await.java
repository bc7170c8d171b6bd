package dev.sluice.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waiting for a state that nobody announces, such as a file's content or /proc. */
final class Await {
  /**
   * How long anything may take before a test is given up; generous, since nothing waits for it when
   * all is well. Property {@code sluice.patience}, in seconds.
   */
  static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("sluice.patience", 60));

  private Await() {}

  static void until(Callable<Boolean> condition, Supplier<String> what) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!call(condition)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain for " + what.get());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** Waits until a file holds that text; what it holds is in the message. */
  static void content(Path file, String text) {
    until(
        () -> Files.exists(file) && Files.readString(file).contains(text),
        () -> text + " in " + file + "; there is " + call(() -> Files.readString(file)));
  }

  static <T> T result(CompletableFuture<T> future) {
    return call(() -> future.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
  }

  private static <T> T call(Callable<T> work) {
    try {
      return work.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
