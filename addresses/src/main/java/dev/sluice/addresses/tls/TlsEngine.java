package dev.sluice.addresses.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * JSSE's engine, with the steps that a handshake and a transfer share. Whatever it throws over a
 * peer's bytes is an {@link SSLException} here. Not thread-safe.
 */
final class TlsEngine {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;

  TlsEngine(SSLEngine engine) {
    this.engine = engine;
  }

  void begin() throws SSLException {
    engine.beginHandshake();
  }

  HandshakeStatus status() {
    return engine.getHandshakeStatus();
  }

  /** Whether the version is older than TLS 1.3: the type of each record can be seen. */
  boolean isOld() {
    return !engine.getSession().getProtocol().equals("TLSv1.3");
  }

  /** Whether our side has ended. */
  boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  /** Ends our side; {@link #wrapNothing} makes the close_notify. */
  void closeOutbound() {
    engine.closeOutbound();
  }

  /** Bytes of the largest record. */
  int packetSize() {
    return engine.getSession().getPacketBufferSize();
  }

  /** An empty buffer with room for the data of one record. */
  ByteBuffer plain() {
    return ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
  }

  /** Does the work that JSSE puts off: keys and certificates. */
  void runTasks() throws SSLException {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      try {
        task.run();
      } catch (RuntimeException e) {
        throw senseless(e);
      }
    }
  }

  /** Opens one record. */
  SSLEngineResult unwrap(ByteBuffer records, ByteBuffer... plain) throws SSLException {
    try {
      return engine.unwrap(records, plain);
    } catch (RuntimeException e) {
      throw senseless(e);
    }
  }

  /** JSSE does not expect every message at every time, and throws whatever that leads to. */
  private static SSLException senseless(RuntimeException cause) {
    return new SSLException("the peer's message makes no sense here", cause);
  }

  /** Makes one record of data. */
  SSLEngineResult wrap(ByteBuffer plain, ByteBuffer target) throws SSLException {
    return engine.wrap(plain, target);
  }

  /** Makes the next record of a handshake. */
  void wrapNothing(ByteBuffer target) throws SSLException {
    engine.wrap(NOTHING, target);
  }

  /** Makes the records that carry no data and are due: alerts, new keys. */
  void wrapNothing(TlsOutput output) throws SSLException {
    ByteBuffer target = ByteBuffer.allocate(packetSize());
    while (target.remaining() > 0) {
      int before = target.position();
      engine.wrap(NOTHING, target);
      if (target.position() == before || status() != HandshakeStatus.NEED_WRAP) {
        break;
      }
    }
    output.queue(target);
  }
}
