package dev.sluice.cli.e2e;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Threads that do not keep the tests alive. */
final class Background {
  private Background() {}

  static void start(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs work on a thread of its own. */
  static <T> CompletableFuture<T> call(String name, Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    start(
        name,
        () -> {
          try {
            result.complete(work.call());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
