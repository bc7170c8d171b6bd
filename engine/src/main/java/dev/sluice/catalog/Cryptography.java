package dev.sluice.catalog;

import java.util.concurrent.CompletableFuture;

/**
 * The JVM's cryptography, which a program may set up while it starts. A library leaves that alone:
 * it is the same one for all of the process.
 */
public final class Cryptography {
  private static volatile CompletableFuture<Void> preparation =
      CompletableFuture.completedFuture(null);

  private Cryptography() {}

  /** Has those who need cryptography wait until a program has set it up. */
  public static void waitFor(CompletableFuture<Void> newPreparation) {
    preparation = newPreparation;
  }

  /** Returns when it can be used, whether setting it up has succeeded or not. Blocks. */
  public static void await() {
    preparation.exceptionally(failure -> null).join();
  }
}
