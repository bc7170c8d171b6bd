package dev.sluice.addresses.socket;

import static dev.sluice.os.SocketConstants.IPPROTO_UDP;
import static dev.sluice.os.SocketConstants.MSG_DONTWAIT;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.OneBlockReader;
import dev.sluice.endpoint.PolledListener;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.AncillaryMessage;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

  /**
   * A packet that has taken room for a session.
   *
   * @param told what the kernel told beside it
   */
  private record Arrival(
      SocketAddressBytes from,
      byte[] content,
      List<AncillaryMessage> told,
      Admission room,
      Handler sink) {}

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
  private final SenderChecks checks;
  private boolean goesOn;

  private PacketListener(
      ReceivingSocket source, Kind kind, Fd socket, @Nullable FirstPacket first) {
    super(source.context().poller(), socket);
    this.context = source.context();
    this.options = context.options();
    this.log = context.log();
    this.kind = kind;
    this.source = source;
    this.forks = options.isOn(RelayOptions.FORK);
    this.socket = socket;
    this.local = SocketCalls.getsockname(socket.number());
    this.checks =
        new SenderChecks(poller, source.filter(), local, first, context.blockingIo(), log);
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
    return bySender(source, null);
  }

  /**
   * A session for each sender that has shown what it must.
   *
   * @param first looks at what senders bring; null lets everybody in
   */
  public static Listener bySender(ReceivingSocket source, @Nullable FirstPacket first) {
    boolean forks = source.context().options().isOn(RelayOptions.FORK);
    return new PacketListener(source, Kind.SENDER, source.bind(forks), first);
  }

  /** A session for each packet: {@code UDP-RECVFROM} and its like. */
  public static Listener byPacket(ReceivingSocket source) {
    return new PacketListener(source, Kind.PACKET, source.bind(false), null);
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
    for (int i = 0; !isClosed() && !isHeldUp() && room.tryEnter(); i++) {
      if (i == BUDGET) {
        room.leave();
        goOn();
        return;
      }
      Stray stray = strays.poll();
      if (stray != null) {
        arrived(new Arrival(stray.from, stray.content, List.of(), room, sink));
        continue;
      }
      int n = sender.receive(socket.number(), packet, MSG_DONTWAIT);
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
      List<AncillaryMessage> told = kind == Kind.PACKET ? sender.ancillary() : List.of();
      arrived(new Arrival(sender.get(), packet.toArray(0, n), told, room, sink));
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

  /** Without fork the first sender that is let in may be the last whose packet is read. */
  private boolean isHeldUp() {
    return forks ? checks.areFull() : checks.areGoingOn();
  }

  private void arrived(Arrival arrival) {
    SenderReader known = bySender.get(arrival.from);
    if ((known != null && known.feed(arrival.content))
        || (kind == Kind.SENDER && checks.keepBehind(arrival.from, arrival.content))) {
      arrival.room.leave();
    } else if (checks.areNeeded()) {
      check(arrival);
    } else if (source.filter().permits(arrival.from, local)) {
      permitted(arrival, List.of(arrival.content));
    } else {
      forbidden(arrival);
    }
  }

  /** Until it is known whether the sender is let in, others are served. */
  private void check(Arrival arrival) {
    try {
      checks.begin(
          arrival.from,
          arrival.content,
          kind == Kind.SENDER,
          (permitted, verdict, behind) -> {
            if (isClosed()) {
              arrival.room.leave();
              return;
            }
            answer(arrival.from, verdict.answer());
            if (!permitted) {
              forbidden(arrival);
            } else if (!verdict.forSession().isEmpty()) {
              Stream<List<byte[]>> all = Stream.of(verdict.forSession(), behind);
              permitted(arrival, all.flatMap(List::stream).toList());
            } else {
              arrival.room.leave();
              behind.forEach(content -> keepStray(arrival.from, content));
            }
            takeAll();
          });
    } catch (RejectedExecutionException e) {
      arrival.room.leave();
      log.error("refusing packet from " + arrival.from + ": " + e.getMessage());
    }
  }

  /** What can't be sent at once is lost, as datagrams may be: the sender comes again. */
  private void answer(SocketAddressBytes to, byte @Nullable [] answer) {
    if (answer != null) {
      int n = new PacketAddress(to).send(socket.number(), answer);
      if (n < 0) {
        log.info("sendto(%s, %s): %s", socket, to, Errno.text(-n));
      }
    }
  }

  private void forbidden(Arrival arrival) {
    if (kind == Kind.SENDER) {
      log.notice("forbidding UDP connection from %s", arrival.from);
    }
    arrival.room.leave();
  }

  /** Makes a session that reads these packets first. */
  private void permitted(Arrival arrival, List<byte[]> packets) {
    try {
      if (kind == Kind.SENDER) {
        connectTo(arrival.from, packets, arrival.sink);
      } else {
        hand(arrival);
      }
    } catch (RuntimeException e) {
      arrival.room.leave();
      failed(e, arrival.sink);
    }
  }

  /** Without fork there will be no other session. */
  private void failed(RuntimeException cause, Handler sink) {
    if (forks) {
      log.error(String.valueOf(cause.getMessage()));
    } else {
      sink.failed(cause);
    }
  }

  // --- one session a sender

  private void connectTo(SocketAddressBytes peer, List<byte[]> packets, Handler sink) {
    if (!forks) {
      stopWatching();
    }
    Fd fd = forks ? source.movedTo(local).connectedTo(peer) : source.connect(socket, peer);
    SenderReader reader = new SenderReader(fd, peer, this::returned, log);
    packets.forEach(reader::feed);
    if (forks) {
      sortOut(fd, peer, reader);
    }
    Endpoint endpoint = DatagramSockets.connectedEndpoint(fd, context.direction());
    if (context.direction().reads() || checks.ask()) { // a greeting reads, whatever comes then
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
    int n = from.receive(fd.number(), packet, MSG_DONTWAIT);
    while (n != -Errno.EAGAIN && !reader.isFull()) {
      if (n < 0) {
        log.info("recvmsg(%s): %s", fd, Errno.text(-n)); // of a datagram that was sent before
      } else if (from.get().equals(peer)) {
        reader.feed(packet.toArray(0, n));
      } else {
        keepStray(from.get(), packet.toArray(0, n));
      }
      n = from.receive(fd.number(), packet, MSG_DONTWAIT);
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

  private void hand(Arrival arrival) {
    SocketAddressBytes from = arrival.from;
    byte[] content = arrival.content;
    Map<String, String> told = AncillaryFacts.of(arrival.told, socket, log);
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
    arrival.sink.connected(endpoint, () -> log.notice("receiving packet from %s", from));
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
