package dev.sluice.cli;

/**
 * How the JVM's TLS is set up for the peers there are, in all of the process and so by a program
 * alone: clients may not renegotiate, as with OpenSSL 3; no session tickets, since nothing is
 * resumed here and JSSE gets the digest of a DTLS handshake with one wrong; and the extension for a
 * longest record where one is asked for.
 */
final class TlsProperties {
  private TlsProperties() {}

  /** To be called before TLS is used, or a list of ciphers is read. */
  static void set() {
    System.setProperty("jdk.tls.client.enableSessionTicketExtension", "false");
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    System.setProperty("jsse.enableMFLNExtension", "true");
  }
}
