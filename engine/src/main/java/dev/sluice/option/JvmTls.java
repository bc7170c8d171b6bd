package dev.sluice.option;

import java.security.NoSuchAlgorithmException;
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

  private JvmTls() {}

  /** A context still to be initialised. */
  public static SSLContext context(boolean datagram) throws NoSuchAlgorithmException {
    return SSLContext.getInstance(datagram ? "DTLS" : "TLS");
  }
}
