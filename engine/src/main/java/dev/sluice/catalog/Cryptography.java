package dev.sluice.catalog;

import java.util.concurrent.CompletableFuture;

/**
 * The JVM's cryptography, which a program may set up while it starts. A library must not: it
 * belongs to the whole process.
 */
public final class Cryptography {
  private static volatile CompletableFuture<Void> preparation =
      CompletableFuture.completedFuture(null);

  private Cryptography() {}

  /** Makes {@link #await} wait until a program has set up its cryptography. */
  public static void waitFor(CompletableFuture<Void> newPreparation) {
    preparation = newPreparation;
  }

  /** Returns when it can be used, whether or not the set-up succeeded. Blocks. */
  public static void await() {
    preparation.exceptionally(failure -> null).join();
  }
}
