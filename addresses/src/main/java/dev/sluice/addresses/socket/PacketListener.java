package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.OneBlockReader;
import dev.sluice.endpoint.PolledListener;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * A bound datagram socket that makes a session of what arrives: of each packet, or of each sender.
 *
 * <p>Of each packet ({@code RECVFROM}): the session reads that packet and no more; what it writes
 * goes to the sender, from this socket. Of each sender ({@code UDP-LISTEN}): the session has a
 * socket of its own, bound to the same port and connected to the sender, so the kernel sorts the
 * packets; one that slips in before the kernel knows is handed on by sender. While there is no room
 * nothing is read, and packets wait in the socket's buffer.
 */
public final class PacketListener extends PolledListener {
  /** What becomes of a packet. */
  private enum Kind {
    PACKET,
    SENDER
  }

  /** A packet that another socket received. */
  private record Stray(SocketAddressBytes from, byte[] content) {}

  private static final int IPPROTO_UDP = 17;
  private static final int LARGEST = 65536;
  private static final int MOST_STRAYS = 4096;

  /** Packets that are taken at a time; then others have their turn. */
  private static final int BUDGET = 64;

  /** A sender that is silent for so long may be gone for good: nothing else would tell. */
  private static final Duration IDLE_LIMIT = Duration.ofMinutes(10);

  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final Kind kind;
  private final ReceivingSocket source;
  private final Fd socket;
  private final SocketAddressBytes local;
  private final String announcement;
  private final boolean forks;

  // of the poller's thread, after start
  private final NativeBuffer packet = NativeBuffer.allocate(LARGEST);
  private final PacketAddress sender = new PacketAddress();
  private final Map<SocketAddressBytes, SenderReader> bySender = new LinkedHashMap<>();
  private final Deque<Stray> strays = new ArrayDeque<>();
  private boolean judging;
  private boolean goesOn;

  private PacketListener(ReceivingSocket source, Kind kind, Fd socket) {
    super(source.context().poller(), socket);
    this.context = source.context();
    this.options = context.options();
    this.log = context.log();
    this.kind = kind;
    this.source = source;
    this.forks = options.isOn(RelayOptions.FORK);
    this.socket = socket;
    this.local = SocketCalls.getsockname(socket.number());
    this.announcement =
        kind == Kind.PACKET
            ? source.announcement(socket)
            : "listening on " + protocolName(source.protocol()) + " " + local;
  }

  private static String protocolName(int protocol) {
    return protocol == IPPROTO_UDP ? "UDP" : "PROTO" + protocol;
  }

  /** A session for each sender: {@code UDP-LISTEN} and its like. */
  public static Listener bySender(ReceivingSocket source) {
    boolean forks = source.context().options().isOn(RelayOptions.FORK);
    return new PacketListener(source, Kind.SENDER, source.bind(forks));
  }

  /** A session for each packet: {@code UDP-RECVFROM} and its like. */
  public static Listener byPacket(ReceivingSocket source) {
    return new PacketListener(source, Kind.PACKET, source.bind(false));
  }

  @Override
  public String localAddress() {
    return local.toString();
  }

  @Override
  public Optional<SocketAddress> boundAddress() {
    return local.toSocketAddress();
  }

  @Override
  public String announcement() {
    return announcement;
  }

  @Override
  protected void takeAll(Admission room, Handler sink) {
    for (int i = 0; !isClosed() && !judging && room.tryEnter(); i++) {
      if (i == BUDGET) {
        room.leave();
        goOn();
        return;
      }
      Stray stray = strays.poll();
      if (stray != null) {
        arrived(stray.from, stray.content, room, sink);
        continue;
      }
      int n = sender.receive(socket.number(), packet, PacketAddress.MSG_DONTWAIT);
      if (n == -Errno.ECONNREFUSED) {
        room.leave();
        continue;
      }
      if (n < 0) {
        room.leave();
        if (n != -Errno.EAGAIN) {
          failed(new NativeError("recvfrom(" + socket + ")", -n), sink, log);
        }
        return;
      }
      succeeded();
      arrived(sender.get(), packet.toArray(0, n), room, sink);
    }
  }

  private void goOn() {
    if (!goesOn) {
      goesOn = true;
      poller.execute(
          () -> {
            goesOn = false;
            takeAll();
          });
    }
  }

  private void arrived(SocketAddressBytes from, byte[] content, Admission room, Handler sink) {
    SenderReader known = bySender.get(from);
    if (known != null && known.feed(content)) {
      room.leave();
    } else if (source.filter().mayBlock()) {
      judgeElsewhere(from, content, room, sink);
    } else {
      judged(source.filter().permits(from, local), from, content, room, sink);
    }
  }

  /** Until it is known whether the sender is let in, nothing more is read. */
  private void judgeElsewhere(
      SocketAddressBytes from, byte[] content, Admission room, Handler sink) {
    judging = true;
    try {
      context.blockingIo().execute(() -> judge(from, content, room, sink));
    } catch (RejectedExecutionException e) {
      judging = false;
      room.leave();
      log.error("refusing packet from " + from + ": " + e.getMessage());
    }
  }

  private void judge(SocketAddressBytes from, byte[] content, Admission room, Handler sink) {
    boolean permitted = source.filter().permits(from, local);
    poller.execute(
        () -> {
          judging = false;
          if (isClosed()) {
            room.leave();
          } else {
            judged(permitted, from, content, room, sink);
            takeAll();
          }
        });
  }

  private void judged(
      boolean permitted, SocketAddressBytes from, byte[] content, Admission room, Handler sink) {
    if (!permitted && kind == Kind.SENDER) {
      log.notice("forbidding UDP connection from %s", from);
    }
    if (!permitted || !opened(from, content, sink)) {
      room.leave();
    }
  }

  /** Whether a session came of it. */
  private boolean opened(SocketAddressBytes from, byte[] content, Handler sink) {
    try {
      if (kind == Kind.SENDER) {
        connectTo(from, content, sink);
      } else {
        hand(from, content, sink);
      }
      return true;
    } catch (RuntimeException e) {
      return failed(e, sink);
    }
  }

  /** Without fork there will be no other session. */
  private boolean failed(RuntimeException cause, Handler sink) {
    if (forks) {
      log.error(String.valueOf(cause.getMessage()));
    } else {
      sink.failed(cause);
    }
    return false;
  }

  // --- one session a sender

  private void connect(Fd fd, SocketAddressBytes peer) {
    try {
      LibC.check(
          SocketCalls.connect(fd.number(), peer),
          "connect(" + fd + ", " + peer + ", " + peer.length() + ")");
      SocketMaker.refuseUnused(options, log, Phase.FD, Phase.CONNECTED);
      SocketMaker.apply(fd, options, log, Phase.LATE);
    } catch (RuntimeException e) {
      if (forks) {
        fd.close();
      }
      throw e;
    }
  }

  private void connectTo(SocketAddressBytes peer, byte[] first, Handler sink) {
    Fd fd = forks ? source.movedTo(local).bind(true) : socket;
    if (!forks) {
      stopWatching();
    }
    connect(fd, peer);
    Direction direction = context.direction();
    SenderReader reader = new SenderReader(fd, peer, this::returned, log);
    reader.feed(first);
    if (forks) {
      sortOut(fd, peer, reader);
    }
    Endpoint endpoint = DatagramSockets.connectedEndpoint(fd, direction);
    if (direction.reads()) {
      endpoint = endpoint.readBy(reader);
    }
    if (forks) {
      bySender.put(peer, reader);
      endpoint =
          endpoint
              .idleLimit(IDLE_LIMIT)
              .onClose(() -> poller.execute(() -> bySender.remove(peer, reader)));
    } else {
      handOver();
    }
    sink.connected(
        endpoint.environment(
            () -> PeerFacts.of(peer, SocketCalls.getsockname(fd.number()), hasPorts())),
        () -> log.notice("accepting UDP connection from %s", peer));
  }

  /**
   * Takes the packets that came to a session's socket before it was connected: those of others go
   * where they belong. What is left when the reader is full is the session's to sort.
   */
  private void sortOut(Fd fd, SocketAddressBytes peer, SenderReader reader) {
    PacketAddress from = new PacketAddress();
    int n = from.receive(fd.number(), packet, PacketAddress.MSG_DONTWAIT);
    while (n != -Errno.EAGAIN && !reader.isFull()) {
      if (n < 0) {
        log.info("recvmsg(%s): %s", fd, Errno.text(-n)); // of a datagram that was sent before
      } else if (from.get().equals(peer)) {
        reader.feed(packet.toArray(0, n));
      } else {
        keepStray(from.get(), packet.toArray(0, n));
      }
      n = from.receive(fd.number(), packet, PacketAddress.MSG_DONTWAIT);
    }
  }

  /** Another's datagram has reached a session's socket. On the session's thread. */
  private void returned(SocketAddressBytes from, byte[] content) {
    poller.execute(
        () -> {
          if (forks && !isClosed()) {
            keepStray(from, content);
            takeAll();
          }
        });
  }

  /** As in a full socket, what finds no room is dropped. */
  private void keepStray(SocketAddressBytes from, byte[] content) {
    if (strays.size() < MOST_STRAYS) {
      strays.add(new Stray(from, content));
    }
  }

  // --- one session a packet

  private void hand(SocketAddressBytes from, byte[] content, Handler sink) {
    Map<String, String> told = AncillaryFacts.of(sender.ancillary(), socket, log);
    source.applyConnected(socket);
    SocketMaker.apply(socket, options, log, Phase.LATE);
    Fd fd = forks ? socket.duplicate() : socket;
    if (!forks) {
      handOver();
    }
    OneBlockReader reader =
        new OneBlockReader(
            fd,
            content,
            source.headerLength(content),
            () -> log.notice("received packet with %d bytes from %s", content.length, from));
    Endpoint endpoint =
        Endpoint.of(reader, new DatagramWriter(fd, from, log), context.direction())
            .pollableAlready()
            .boundary(Boundary.DATAGRAM)
            .halfClose(HalfClose.NONE)
            .environment(() -> merged(PeerFacts.of(from, null, hasPorts()), told));
    if (!forks) {
      endpoint.onClose(source.whenClosed());
    }
    sink.connected(endpoint, () -> log.notice("receiving packet from %s", from));
  }

  private static Map<String, String> merged(Map<String, String> facts, Map<String, String> more) {
    facts.putAll(more);
    return facts;
  }

  private boolean hasPorts() {
    return PeerFacts.hasPorts(source.protocol());
  }

  // --- the end

  @Override
  protected void released() {
    source.whenClosed().run();
  }
}
