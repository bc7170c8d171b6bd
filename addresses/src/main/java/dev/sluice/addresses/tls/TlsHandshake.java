package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.Dialogue.Need;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The agreement on keys, in steps between which the socket is waited for. Not thread-safe. */
final class TlsHandshake {
  private final TlsEngine engine;
  private final Fd fd;
  private final boolean datagram;
  private final TlsInput input;
  private final TlsOutput output;
  private final Consumer<ByteBuffer> early;
  private final Retransmission retransmission = new Retransmission();
  private boolean begun;

  /**
   * Prepares it.
   *
   * @param early takes data of the peer that arrived with its last message
   */
  TlsHandshake(
      TlsEngine engine,
      Fd fd,
      boolean datagram,
      TlsInput input,
      TlsOutput output,
      Consumer<ByteBuffer> early) {
    this.engine = engine;
    this.fd = fd;
    this.datagram = datagram;
    this.input = input;
    this.output = output;
    this.early = early;
  }

  /**
   * Goes on as far as the peer lets it.
   *
   * @throws NativeError when the socket fails
   */
  Need goOn(Dialogue dialogue) throws SSLException {
    if (!begun) {
      begun = true;
      engine.begin();
      retransmission.start();
    }
    while (true) {
      dialogue.check();
      int n = output.flush();
      if (n < 0) {
        return roomAfter(n);
      }
      Need need = step(dialogue);
      if (need != null) {
        return need;
      }
    }
  }

  /** One step; null when another can be made at once. */
  private @Nullable Need step(Dialogue dialogue) throws SSLException {
    switch (engine.status()) {
      case NEED_WRAP -> send();
      case NEED_TASK -> engine.runTasks();
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        if (unwrap() || input.fill()) {
          return null;
        }
        if (!datagram) {
          return Need.INPUT;
        }
        if (!retransmission.isDue()) {
          dialogue.lookAfter(retransmission.left());
          return Need.INPUT;
        }
        retransmission.next();
        send();
      }
      case FINISHED, NOT_HANDSHAKING -> {
        return Need.NOTHING;
      }
    }
    return null;
  }

  private Need roomAfter(int result) {
    if (result != -Errno.EAGAIN) {
      throw new NativeError("write(" + fd + ")", -result);
    }
    return Need.ROOM;
  }

  /** A datagram that finds no room is lost, and sent again in time. */
  private void send() throws SSLException {
    ByteBuffer packet = ByteBuffer.allocate(engine.packetSize());
    engine.wrapNothing(packet);
    if (!datagram) {
      output.queue(packet);
    } else if (packet.position() > 0 && !isAnswered(packet.array(), packet.position())) {
      NativeBuffer memory = TlsWorkbench.memory();
      NativeBuffer.put(memory.address(), packet.array(), 0, packet.position());
      int n = LibC.write(fd.number(), memory, 0, packet.position());
      if (n < 0) {
        roomAfter(n);
      }
    }
  }

  /**
   * Whether a listener has sent it before there was a session: the client's answer to it is there.
   */
  private boolean isAnswered(byte[] packet, int length) {
    return input.hasEarlier() && ClientHello.isVerifyRequest(packet, length);
  }

  /** Whether the engine got on with what there is; false when it needs more. */
  private boolean unwrap() throws SSLException {
    boolean again = engine.status() == HandshakeStatus.NEED_UNWRAP_AGAIN;
    ByteBuffer incoming = input.bytes();
    if (!incoming.hasRemaining() && !again) {
      return false;
    }
    ByteBuffer plain = engine.plain();
    String alert = TlsAlert.next(incoming);
    SSLEngineResult result;
    try {
      result = engine.unwrap(incoming, plain);
    } catch (SSLException e) {
      throw alert == null ? e : new SSLException(alert, e); // of a TLS 1.3 peer without keys yet
    }
    early.accept(plain);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("the peer has ended the handshake");
    }
    return result.getStatus() == SSLEngineResult.Status.OK
        && (result.bytesConsumed() > 0
            || again
            || result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP);
  }
}
