package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.Dialogue.Need;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.HeapBytes;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks TLS on a non-blocking socket: its {@link #reader()} and {@link
 * #writer()} stand in for the socket's own.
 *
 * <p>A piece that was encrypted but finds no room in the socket counts as not written: {@link
 * FdWriter#write} says so until the last of it has gone, and then takes the whole piece. So a pump
 * that holds its piece meanwhile loses nothing and waits for the right thing. Thread-safe: a reader
 * and a writer may be at work at once.
 */
final class TlsChannel {
  private static final int EPROTO = 71;

  private static final int BLOCK = 64 * 1024;
  private static final int SCRATCH = BLOCK + 32 * 1024;

  /** Bytes that a record may hold, with some to spare for peers that keep to no limit. */
  private static final int LARGEST_PLAIN = 33 * 1024;

  private static final int RECORD_HEADER = 5;
  private static final byte DATA_TYPE = 23;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** For handshakes, and for what found no room; one for each thread, since sessions are many. */
  private static final ThreadLocal<NativeBuffer> MEMORY =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(SCRATCH));

  /**
   * Where records are made and opened; arrays of the heap, since AES-GCM would copy from and to
   * others. Only threads that move data have them.
   */
  private static final ThreadLocal<Workbench> WORKBENCH = ThreadLocal.withInitial(Workbench::new);

  private static final byte[] NONE = new byte[0];

  private static final class Workbench {
    private final HeapBytes encrypted = new HeapBytes(SCRATCH);

    /** Where records are opened: the pump's memory, and what finds no room there. */
    private final ByteBuffer[] opened = {NOTHING, ByteBuffer.allocate(LARGEST_PLAIN)};

    private long viewed;

    /** The pump's memory as a buffer; a thread's pumps have the same block each time. */
    ByteBuffer view(long address, int length) {
      if (address != viewed || length > opened[0].capacity()) {
        opened[0] = NativeBuffer.view(address, length);
        viewed = address;
      }
      return opened[0].clear().limit(length);
    }
  }

  private final SSLEngine engine;
  private final Fd fd;
  private final boolean datagram;
  private final int largestRecord;
  private final RelayLog log;

  /** Encrypted bytes from the peer, ready to be read from. */
  private ByteBuffer incoming = NOTHING;

  /** Data for our reader, ready to be read from. */
  private ByteBuffer data = NOTHING;

  /** Encrypted bytes that the socket had no room for. */
  private byte[] outgoing = NONE;

  private int outgoingFrom;

  /** Length in bytes of the last whole record that came, header included; 0 before the first. */
  private int recordLength;

  /** Bytes of data in a record that JSSE has filled; 0 before the first. */
  private int fullRecord;

  /** Bytes of the piece being written that are in {@link #outgoing}. */
  private int claimed;

  /** Datagrams from before. */
  private final Deque<byte[]> earlier = new ArrayDeque<>();

  /**
   * Whether the socket may hold more without another edge of readiness: since the last read that
   * came back short, an edge may have passed while the pump was waiting for room.
   */
  private boolean mayHaveMore;

  /** Whether a read gives one record at most. */
  private boolean pieceByPiece;

  private boolean begun;
  private final Retransmission retransmission = new Retransmission();
  private boolean ended;
  private @Nullable String failure;

  /** What the peer's data seemed to end with was no close_notify of the peer. */
  private @Nullable NativeError forged;

  private final RecordLimit limit = new RecordLimit();

  TlsChannel(SSLEngine engine, Fd fd, TlsContext context, RelayLog log) {
    this.engine = engine;
    this.fd = fd;
    this.datagram = context.isDatagram();
    this.pieceByPiece = datagram;
    this.largestRecord = context.largestRecord();
    this.log = log;
  }

  /** Takes the datagrams that were received before this channel was made. */
  synchronized void takeFrom(FdReader early) {
    NativeBuffer memory = MEMORY.get();
    while (early.hasBuffered()) {
      int n = early.read(memory.address(), SCRATCH);
      if (n <= 0) {
        return;
      }
      earlier.add(memory.toArray(0, n));
    }
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
      int n = flush();
      if (n < 0) {
        return roomAfter(n);
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_WRAP -> sendHandshake();
        case NEED_TASK -> runTasks();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          if (unwrapHandshake() || fill()) {
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
      return engine.unwrap(incoming, plain);
    } catch (RuntimeException e) {
      throw senseless(e);
    }
  }

  /** A datagram that finds no room is lost, and sent again in time. */
  private void sendHandshake() throws SSLException {
    ByteBuffer packet = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(NOTHING, packet);
    if (!datagram) {
      queue(packet);
    } else if (packet.position() > 0) {
      NativeBuffer memory = MEMORY.get();
      NativeBuffer.put(memory.address(), packet.array(), 0, packet.position());
      int n = LibC.write(fd.number(), memory, 0, packet.position());
      if (n < 0) {
        roomAfter(n);
      }
    }
  }

  /** Whether the engine got on with what there is; false when it needs more. */
  private boolean unwrapHandshake() throws SSLException {
    boolean again = engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP_AGAIN;
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

  /** Reads what there is; false when that is nothing. */
  private boolean fill() throws SSLException {
    byte[] before = earlier.poll();
    if (before != null) {
      incoming = ByteBuffer.wrap(before);
      return true;
    }
    NativeBuffer memory = MEMORY.get();
    int n = LibC.read(fd.number(), memory, 0, SCRATCH);
    if (n == -Errno.EAGAIN) {
      return false;
    }
    LibC.check(n, "read(" + fd + ")");
    if (n == 0 && !datagram) {
      throw new SSLException("unexpected eof while reading");
    }
    if (n > 0) {
      add(memory, n);
      keepRest();
    }
    return n > 0;
  }

  /** Tells the peer why we part, as far as the socket takes it. */
  synchronized void sendAlert() {
    try {
      wrapNothing();
    } catch (SSLException e) {
      log.debug("no alert: %s", e);
    }
    flush();
  }

  // --- reading

  /** Puts what a handshake read behind what is left of before. */
  private void add(NativeBuffer memory, int count) {
    int left = datagram ? 0 : incoming.remaining();
    byte[] all = new byte[left + count];
    incoming.get(all, 0, left);
    NativeBuffer.get(memory.address(), all, left, count);
    incoming = ByteBuffer.wrap(all);
  }

  /**
   * Reads from the socket, behind what is left of before. It lies on the workbench, which is this
   * channel's until {@link #keepRest}.
   *
   * @return as read(2)
   */
  private int receive() {
    HeapBytes bench = WORKBENCH.get().encrypted;
    int left = datagram ? 0 : incoming.remaining();
    incoming.get(incoming.position(), bench.array(), 0, left);
    int wanted = datagram ? BLOCK : Math.min(wholeRecords() - left, SCRATCH - left);
    int n = LibC.read(fd.number(), bench.window(left, wanted));
    mayHaveMore = n == wanted || (datagram && n > 0);
    if (n > 0) {
      incoming = ByteBuffer.wrap(bench.array(), 0, left + n);
    }
    return n;
  }

  /**
   * About a block, but as many whole records as that, since a record cut in two has to be kept for
   * the next time: whoever sends much makes all of one length.
   */
  private int wholeRecords() {
    int next = Math.max(recordLength, nextRecord());
    return next == 0 ? BLOCK : next * Math.max(1, (BLOCK + next / 2) / next);
  }

  /** Length of the record that comes next, if its header is there; otherwise 0. */
  private int nextRecord() {
    return incoming.remaining() < RECORD_HEADER
        ? 0
        : RECORD_HEADER + (incoming.getShort(incoming.position() + 3) & 0xffff);
  }

  /** Takes what has not been decrypted yet off the workbench. */
  private void keepRest() {
    if (!incoming.hasRemaining()) {
      incoming = NOTHING;
    } else if (incoming.array() == WORKBENCH.get().encrypted.array()) {
      byte[] rest = new byte[incoming.remaining()];
      incoming.get(rest);
      incoming = ByteBuffer.wrap(rest);
    }
  }

  private void keep(ByteBuffer plain) {
    if (plain.position() > 0) {
      ByteBuffer all = ByteBuffer.allocate(data.remaining() + plain.position());
      data = all.put(data).put(plain.flip()).flip();
    }
  }

  private synchronized int read(long buffer, int length) {
    mayHaveMore = true;
    if (data.hasRemaining()) {
      return give(buffer, length);
    }
    if (outgoingFrom < outgoing.length) {
      flush();
    }
    try {
      while (!ended) {
        int n = decrypt(buffer, length);
        if (n > 0) {
          return n;
        }
        if (ended) {
          return 0;
        }
        n = receive();
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
    Workbench bench = WORKBENCH.get();
    ByteBuffer given = bench.view(buffer, length);
    ByteBuffer surplus = bench.opened[1].clear();
    try {
      openRecords(bench.opened, given);
    } finally {
      keepRest();
    }
    if (!datagram) {
      keep(surplus);
    } else if (given.position() == 0) {
      incoming = NOTHING;
    }
    return given.position();
  }

  /** Decrypts until {@code given}, the first of the buffers, is full. */
  private void openRecords(ByteBuffer[] opened, ByteBuffer given) throws SSLException {
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
          recordLength = result.bytesConsumed();
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
    return !datagram
        && incoming.get(incoming.position()) == TlsAlert.TYPE
        && isOld()
        && !engine.isOutboundDone();
  }

  /** Has the engine check the alert that was taken for the end of data. */
  private void checkFarewell() {
    if (!ended || !incoming.hasRemaining()) {
      return;
    }
    try {
      engine.unwrap(incoming, ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()));
    } catch (SSLException e) {
      forged =
          new NativeError(
              "SSL_read(): " + TlsAlert.renamed(String.valueOf(e.getMessage())), EPROTO);
    }
    incoming = NOTHING;
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
      flush();
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
    if (!incoming.hasRemaining()) {
      incoming = NOTHING;
    }
    return n;
  }

  private synchronized void readPieceByPiece() {
    pieceByPiece = true;
  }

  private synchronized boolean hasBuffered() {
    return data.hasRemaining() || mayHaveMore || ended || hasRecord();
  }

  /** Whether a whole record has been read but not decrypted. */
  private boolean hasRecord() {
    if (datagram) {
      return incoming.hasRemaining();
    }
    int record = nextRecord();
    return record > 0 && incoming.remaining() >= record;
  }

  // --- writing

  private synchronized int write(long buffer, int length) {
    if (datagram && ended && engine.isOutboundDone()) {
      return length; // lost, as a datagram to nobody is
    }
    if (claimed == 0) {
      int n = flush();
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
    int n = flush();
    if (n < 0) {
      return n;
    }
    int taken = claimed;
    claimed = 0;
    return taken == 0 && length > 0 ? -Errno.EPIPE : taken;
  }

  /** So many bytes at most that no record is cut short: a full block would end with a tiny one. */
  private synchronized int fitting(int length) {
    return datagram || fullRecord == 0 || length < fullRecord
        ? length
        : length - length % fullRecord;
  }

  private int encrypt(long buffer, int length) throws SSLException {
    int count = datagram ? Math.min(length, largestRecord) : Math.min(length, BLOCK);
    Workbench bench = WORKBENCH.get();
    ByteBuffer plain = bench.view(buffer, count);
    ByteBuffer target = ByteBuffer.wrap(bench.encrypted.array());
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
    send(bench.encrypted, target.position());
    return plain.position();
  }

  /** Writes as much as there is room for, and queues the rest. */
  private void send(HeapBytes records, int length) {
    if (length == 0) {
      return;
    }
    int n = LibC.write(fd.number(), records.window(0, length));
    if (n < length) {
      outgoing = Arrays.copyOfRange(records.array(), Math.max(0, n), length);
      outgoingFrom = 0;
    }
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
    queue(target);
  }

  private void queue(ByteBuffer target) {
    int left = outgoing.length - outgoingFrom;
    target.flip();
    byte[] all = new byte[left + target.remaining()];
    System.arraycopy(outgoing, outgoingFrom, all, 0, left);
    target.get(all, left, target.remaining());
    outgoing = all;
    outgoingFrom = 0;
  }

  /** Writes what is encrypted; 0 when all of it has gone, else {@code -errno}. */
  private int flush() {
    NativeBuffer memory = MEMORY.get();
    while (outgoingFrom < outgoing.length) {
      int count = Math.min(SCRATCH, outgoing.length - outgoingFrom);
      NativeBuffer.put(memory.address(), outgoing, outgoingFrom, count);
      int n = LibC.write(fd.number(), memory, 0, count);
      if (n < 0) {
        return n;
      }
      outgoingFrom += n;
    }
    outgoing = NONE;
    outgoingFrom = 0;
    return 0;
  }

  private synchronized int flushAll() {
    return flush();
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
    int n = flush();
    return n < 0 && n != -Errno.EAGAIN ? new NativeError("SSL_shutdown()", -n) : null;
  }

  private String describe(String call) {
    return failure == null ? call + "()" : call + "(): " + failure;
  }

  /** The reading half. */
  FdReader reader() {
    return new FdReader() {
      @Override
      public Fd fd() {
        return fd;
      }

      @Override
      public int read(long buffer, int length) {
        return TlsChannel.this.read(buffer, length);
      }

      @Override
      public boolean hasBuffered() {
        return TlsChannel.this.hasBuffered();
      }

      @Override
      public void readPieceByPiece() {
        TlsChannel.this.readPieceByPiece();
      }

      @Override
      public boolean shortReadMeansEmpty() {
        return !datagram;
      }

      @Override
      public String describeRead(long buffer, int length) {
        return describe("SSL_read");
      }
    };
  }

  /** The writing half. */
  FdWriter writer() {
    return new FdWriter() {
      @Override
      public Fd fd() {
        return fd;
      }

      @Override
      public int write(long buffer, int length) {
        return TlsChannel.this.write(buffer, length);
      }

      @Override
      public int fitting(int length) {
        return TlsChannel.this.fitting(length);
      }

      @Override
      public int flush() {
        return TlsChannel.this.flushAll();
      }

      @Override
      public @Nullable NativeError end() {
        return TlsChannel.this.end();
      }

      @Override
      public String describeWrite(long buffer, int length) {
        return describe("SSL_write");
      }
    };
  }
}
