package dev.sluice.option;

import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;

/**
 * The JVM's TLS, set up before its first use for the peers there are: clients may not renegotiate,
 * as with OpenSSL 3; no session tickets, since nothing is resumed here and JSSE gets the digest of
 * a DTLS handshake with one wrong, and the extension for a longest record where one is asked for.
 */
public final class JvmTls {
  static {
    System.setProperty("jdk.tls.client.enableSessionTicketExtension", "false");
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    System.setProperty("jsse.enableMFLNExtension", "true");
  }

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
