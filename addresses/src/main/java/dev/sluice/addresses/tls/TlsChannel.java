package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.Dialogue.Need;
import dev.sluice.endpoint.FdReader;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
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

  private final TlsEngine engine;
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

  private boolean ended;
  private @Nullable String failure;

  /** What the peer's data seemed to end with was no close_notify of the peer. */
  private @Nullable NativeError forged;

  private final RecordLimit limit = new RecordLimit();
  private final TlsInput input;
  private final TlsOutput output;
  private final TlsHandshake handshake;

  TlsChannel(SSLEngine engine, Fd fd, TlsContext context, RelayLog log) {
    this.engine = new TlsEngine(engine);
    this.fd = fd;
    this.datagram = context.isDatagram();
    this.pieceByPiece = datagram;
    this.largestRecord = context.largestRecord();
    this.log = log;
    this.input = new TlsInput(fd, datagram);
    this.output = new TlsOutput(fd);
    this.handshake = new TlsHandshake(this.engine, fd, datagram, input, output, this::keep);
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
    return handshake.goOn(dialogue);
  }

  /** Tells the peer why we part, as far as the socket takes it. */
  synchronized void sendAlert() {
    try {
      engine.wrapNothing(output);
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
      SSLEngineResult result = engine.unwrap(incoming, opened);
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
    } else if (type == DATA_TYPE && engine.isOld()) {
      limit.empty();
    } else if (result.bytesConsumed() > 0 && !datagram) {
      limit.withoutData();
    }
  }

  /**
   * Whether an alert is next, before TLS 1.3. JSSE would answer close_notify by closing our side
   * too, as RFC 5246 has it, and the rest of our data would be lost; OpenSSL goes on. So the engine
   * gets to see the alert only when our side has ended. With DTLS it sees it at once: anybody can
   * send a datagram that looks like an alert, and the engine drops what is not the peer's.
   */
  private boolean isFarewell() {
    return !datagram
        && input.nextType() == TlsAlert.TYPE
        && engine.isOld()
        && !engine.isOutboundDone();
  }

  /** Has the engine check the alert that was taken for the end of data. */
  private void checkFarewell() {
    if (!ended || !input.bytes().hasRemaining()) {
      return;
    }
    try {
      engine.unwrap(input.bytes(), engine.plain());
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
      engine.runTasks();
    }
    if (engine.status() == HandshakeStatus.NEED_WRAP) {
      engine.wrapNothing(output);
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
    int packet = engine.packetSize();
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

  synchronized int flush() {
    return output.flush();
  }

  /** Sends close_notify, once. */
  synchronized @Nullable NativeError end() {
    if (!engine.isOutboundDone()) {
      engine.closeOutbound();
      try {
        engine.wrapNothing(output);
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
