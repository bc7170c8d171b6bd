package dev.sluice.connector.web;

import akka.NotUsed;
import akka.stream.TLSProtocol;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.TLSPlacebo;
import akka.util.ByteString;

/** What lies between Akka HTTP's layers and the bytes of a connection, which is secured already. */
final class Layers {
  private Layers() {}

  /** Takes the bytes for those of a TLS session. */
  @SuppressWarnings("unchecked") // what is decrypted are bytes of a session, and nothing else
  static BidiFlow<
          TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>
      bytes() {
    return (BidiFlow<
            TLSProtocol.SslTlsOutbound, ByteString, ByteString, TLSProtocol.SslTlsInbound, NotUsed>)
        (BidiFlow<?, ?, ?, ?, ?>) TLSPlacebo.getInstance();
  }
}
