package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.Dialogue.Need;
import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks TLS on a non-blocking socket: {@link TlsReader} and {@link TlsWriter}
 * stand in for the halves of the socket itself.
 *
 * <p>A piece that was encrypted but finds no room in the socket counts as not written: {@link
 * #write} says so until the last of it has gone, and then takes the whole piece. So a pump that
 * holds its piece meanwhile loses nothing and waits for the right thing. Thread-safe: a reader and
 * a writer may be at work at once.
 */
final class TlsChannel {
  private static final int EPROTO = 71;

  private static final byte DATA_TYPE = 23;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final Fd fd;
  private final boolean datagram;
  private final int largestRecord;
  private final RelayLog log;

  /** Data for our reader, ready to be read from. */
  private ByteBuffer data = NOTHING;

  /** Bytes of data in a record that JSSE has filled; 0 before the first. */
  private int fullRecord;

  /** Bytes of the piece being written that wait in {@link #output}. */
  private int claimed;

  /** Whether a read gives one record at most. */
  private boolean pieceByPiece;

  private boolean begun;
  private final Retransmission retransmission = new Retransmission();
  private boolean ended;
  private @Nullable String failure;

  /** What the peer's data seemed to end with was no close_notify of the peer. */
  private @Nullable NativeError forged;

  private final RecordLimit limit = new RecordLimit();
  private final TlsInput input;
  private final TlsOutput output;

  TlsChannel(SSLEngine engine, Fd fd, TlsContext context, RelayLog log) {
    this.engine = engine;
    this.fd = fd;
    this.datagram = context.isDatagram();
    this.pieceByPiece = datagram;
    this.largestRecord = context.largestRecord();
    this.log = log;
    this.input = new TlsInput(fd, datagram);
    this.output = new TlsOutput(fd);
  }

  /** Takes the datagrams that were received before this channel was made. */
  synchronized void takeFrom(FdReader early) {
    input.takeFrom(early);
  }

  // --- handshake

  /**
   * Goes on with the agreement on keys, as far as the peer lets it.
   *
   * @throws NativeError when the socket fails
   */
  synchronized Need handshake(Dialogue dialogue) throws SSLException {
    if (!begun) {
      begun = true;
      engine.beginHandshake();
      retransmission.start();
    }
    while (true) {
      dialogue.check();
      int n = output.flush();
      if (n < 0) {
        return roomAfter(n);
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> sendHandshake();
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrapHandshake() || input.fill()) {
            continue;
          }
          if (!datagram) {
            return Need.INPUT;
          }
          if (!retransmission.isDue()) {
            dialogue.lookAfter(retransmission.left());
            return Need.INPUT;
          }
          retransmission.next();
          sendHandshake();
        }
        case FINISHED, NOT_HANDSHAKING -> {
          return Need.NOTHING;
        }
      }
    }
  }

  private Need roomAfter(int result) {
    if (result != -Errno.EAGAIN) {
      throw new NativeError("write(" + fd + ")", -result);
    }
    return Need.ROOM;
  }

  private void runTasks() throws SSLException {
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

  /** JSSE does not expect every message at every time, and throws whatever that leads to. */
  private static SSLException senseless(RuntimeException cause) {
    return new SSLException("the peer's message makes no sense here", cause);
  }

  private SSLEngineResult unwrap(ByteBuffer... plain) throws SSLException {
    try {
      return engine.unwrap(input.bytes(), plain);
    } catch (RuntimeException e) {
      throw senseless(e);
    }
  }

  /** A datagram that finds no room is lost, and sent again in time. */
  private void sendHandshake() throws SSLException {
    ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(NOTHING, packet);
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
  private boolean unwrapHandshake() throws SSLException {
    boolean again = engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP_AGAIN;
    ByteBuffer incoming = input.bytes();
    if (!incoming.hasRemaining() && !again) {
      return false;
    }
    ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    String alert = TlsAlert.next(incoming);
    SSLEngineResult result;
    try {
      result = unwrap(plain);
    } catch (SSLException e) {
      throw alert == null ? e : new SSLException(alert, e); // of a TLS 1.3 peer without keys yet
    }
    keep(plain);
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("the peer has ended the handshake");
    }
    return result.getStatus() == SSLEngineResult.Status.OK
        && (result.bytesConsumed() > 0
            || again
            || result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP);
  }

  /** Tells the peer why we part, as far as the socket takes it. */
  synchronized void sendAlert() {
    try {
      wrapNothing();
    } catch (SSLException e) {
      log.debug("no alert: %s", e);
    }
    output.flush();
  }

  // --- reading

  private void keep(ByteBuffer plain) {
    if (plain.position() > 0) {
      ByteBuffer all = ByteBuffer.allocate(data.remaining() + plain.position());
      data = all.put(data).put(plain.flip()).flip();
    }
  }

  synchronized int read(long buffer, int length) {
    input.mayHaveMore();
    if (data.hasRemaining()) {
      return give(buffer, length);
    }
    output.flush();
    try {
      while (!ended) {
        int n = decrypt(buffer, length);
        if (n > 0) {
          return n;
        }
        if (ended) {
          return 0;
        }
        n = input.receive();
        if (n < 0) {
          return n;
        }
        if (n == 0) {
          return cutOff();
        }
      }
      return 0;
    } catch (SSLException e) {
      failure = e.getMessage();
      sendAlert();
      return -EPROTO;
    }
  }

  private int cutOff() {
    ended = true;
    if (datagram) {
      return 0;
    }
    log.warning("the peer has ended the connection without close_notify: data may be missing");
    return 0;
  }

  /**
   * Decrypts what is there, as far as it fits, and gives it; what a record has beyond that is kept.
   *
   * @return bytes given; 0 when there is no whole record of data
   */
  private int decrypt(long buffer, int length) throws SSLException {
    TlsWorkbench bench = TlsWorkbench.get();
    ByteBuffer given = bench.view(buffer, length);
    ByteBuffer surplus = bench.surplus();
    try {
      openRecords(bench.opened(), given);
    } finally {
      input.keepRest();
    }
    if (!datagram) {
      keep(surplus);
    } else if (given.position() == 0) {
      input.clear();
    }
    return given.position();
  }

  /** Decrypts until {@code given}, the first of the buffers, is full. */
  private void openRecords(ByteBuffer[] opened, ByteBuffer given) throws SSLException {
    ByteBuffer incoming = input.bytes();
    boolean more = true;
    while (more && incoming.hasRemaining() && given.hasRemaining()) {
      if (isFarewell()) {
        ended = true;
        return;
      }
      byte type = incoming.get(incoming.position());
      SSLEngineResult result = unwrap(opened);
      switch (result.getStatus()) {
        case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> more = false;
        case CLOSED -> {
          ended = true;
          more = false;
        }
        case OK -> {
          input.hadRecord(result.bytesConsumed());
          count(type, result);
          afterRecord(result.getHandshakeStatus());
          more = !pieceByPiece || given.position() == 0;
          if (result.bytesConsumed() == 0 && result.bytesProduced() == 0) {
            more = false;
          }
        }
      }
    }
  }

  private void count(byte type, SSLEngineResult result) throws SSLException {
    if (result.bytesProduced() > 0) {
      limit.data(result.bytesProduced());
    } else if (type == DATA_TYPE && isOld()) {
      limit.empty();
    } else if (result.bytesConsumed() > 0 && !datagram) {
      limit.withoutData();
    }
  }

  /** Before TLS 1.3 the type of a record is to be seen. */
  private boolean isOld() {
    return !engine.getSession().getProtocol().equals("TLSv1.3");
  }

  /**
   * Whether an alert is next, before TLS 1.3. JSSE would answer close_notify by closing our side
   * too, as RFC 5246 has it, and the rest of our data would be lost; OpenSSL goes on. So the engine
   * gets to see the alert only when our side has ended. With DTLS it sees it at once: anybody can
   * send a datagram that looks like an alert, and the engine drops what is not the peer's.
   */
  private boolean isFarewell() {
    return !datagram && input.nextType() == TlsAlert.TYPE && isOld() && !engine.isOutboundDone();
  }

  /** Has the engine check the alert that was taken for the end of data. */
  private void checkFarewell() {
    if (!ended || !input.bytes().hasRemaining()) {
      return;
    }
    try {
      engine.unwrap(
          input.bytes(), ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
    } catch (SSLException e) {
      forged =
          new NativeError(
              "SSL_read(): " + TlsAlert.renamed(String.valueOf(e.getMessage())), EPROTO);
    }
    input.clear();
  }

  /**
   * Ends our side, and says whether the peer's end was its own word.
   *
   * @throws NativeError when the end of the data was something else than a close_notify of the peer
   */
  synchronized void part() {
    end();
    if (forged != null) {
      throw forged;
    }
  }

  /** What the peer says between data: new keys, tickets, the wish to renegotiate. */
  private void afterRecord(HandshakeStatus status) throws SSLException {
    if (status == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      wrapNothing();
      output.flush();
    }
  }

  private int give(long buffer, int length) {
    int n = Math.min(length, data.remaining());
    NativeBuffer.put(buffer, data.array(), data.arrayOffset() + data.position(), n);
    if (datagram) {
      data = NOTHING;
    } else {
      data.position(data.position() + n);
    }
    if (!data.hasRemaining()) {
      data = NOTHING;
    }
    return n;
  }

  synchronized void readPieceByPiece() {
    pieceByPiece = true;
  }

  synchronized boolean hasBuffered() {
    return data.hasRemaining() || ended || input.isWorthReading();
  }

  // --- writing

  synchronized int write(long buffer, int length) {
    if (datagram && ended && engine.isOutboundDone()) {
      return length; // lost, as a datagram to nobody is
    }
    if (claimed == 0) {
      int n = output.flush();
      if (n < 0) {
        return n;
      }
      try {
        claimed = encrypt(buffer, length);
      } catch (SSLException e) {
        failure = e.getMessage();
        return -EPROTO;
      }
    }
    int n = output.flush();
    if (n < 0) {
      return n;
    }
    int taken = claimed;
    claimed = 0;
    return taken == 0 && length > 0 ? -Errno.EPIPE : taken;
  }

  /** So many bytes at most that no record is cut short: a full block would end with a tiny one. */
  synchronized int fitting(int length) {
    return datagram || fullRecord == 0 || length < fullRecord
        ? length
        : length - length % fullRecord;
  }

  private int encrypt(long buffer, int length) throws SSLException {
    int count = datagram ? Math.min(length, largestRecord) : Math.min(length, TlsWorkbench.BLOCK);
    TlsWorkbench bench = TlsWorkbench.get();
    ByteBuffer plain = bench.view(buffer, count);
    ByteBuffer target = ByteBuffer.wrap(bench.encrypted().array());
    int packet = engine.getSession().getPacketBufferSize();
    while (plain.position() < count && target.remaining() >= packet) {
      plain.limit(Math.min(plain.position() + largestRecord, count));
      SSLEngineResult result = engine.wrap(plain, target);
      if (plain.hasRemaining() || result.bytesConsumed() == largestRecord) {
        fullRecord = result.bytesConsumed();
      }
      if (result.getStatus() != SSLEngineResult.Status.OK || result.bytesConsumed() == 0) {
        break; // closed, or in a handshake again, which needs the peer first
      }
    }
    output.send(bench.encrypted(), target.position());
    return plain.position();
  }

  private void wrapNothing() throws SSLException {
    ByteBuffer target = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    while (target.remaining() > 0) {
      int before = target.position();
      engine.wrap(NOTHING, target);
      if (target.position() == before || engine.getHandshakeStatus() != HandshakeStatus.NEED_WRAP) {
        break;
      }
    }
    output.queue(target);
  }

  synchronized int flush() {
    return output.flush();
  }

  /** Sends close_notify, once. */
  synchronized @Nullable NativeError end() {
    if (!engine.isOutboundDone()) {
      engine.closeOutbound();
      try {
        wrapNothing();
      } catch (SSLException e) {
        return new NativeError("SSL_shutdown(): " + e.getMessage(), EPROTO);
      }
    }
    checkFarewell();
    int n = output.flush();
    return n < 0 && n != -Errno.EAGAIN ? new NativeError("SSL_shutdown()", -n) : null;
  }

  /** A call that failed, with the reason if it is not an error number. */
  String describe(String call) {
    return failure == null ? call + "()" : call + "(): " + failure;
  }

  Fd fd() {
    return fd;
  }

  boolean isDatagram() {
    return datagram;
  }
}
