package dev.sluice.addresses.tls;

import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/**
 * The JVM's TLS, before its first use. How it is set up for all of the process is the program's
 * business: a library leaves that alone.
 */
public final class JvmTls {
  private static volatile CompletableFuture<Void> preparation =
      CompletableFuture.completedFuture(null);

  private JvmTls() {}

  /** Has the contexts that follow wait until a program has set up the JVM's cryptography. */
  public static void waitFor(CompletableFuture<Void> preparation) {
    JvmTls.preparation = preparation;
  }

  /** A context still to be initialised. */
  public static SSLContext context(boolean datagram) throws NoSuchAlgorithmException {
    preparation.exceptionally(failure -> null).join();
    return SSLContext.getInstance(datagram ? "DTLS" : "TLS");
  }
}
