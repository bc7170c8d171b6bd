package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.endpoint.Listener;
import dev.sluice.log.RelayLog;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.PacketAddress;
import dev.sluice.os.Poller;
import dev.sluice.os.SocketAddressBytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
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
public final class PacketListener implements Listener {
  /** What becomes of a packet. */
  private enum Kind {
    PACKET,
    SENDER
  }

  private static final int LARGEST = 65536;

  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final Poller poller;
  private final Kind kind;
  private final int type;
  private final int protocol;
  private final SocketAddressBytes local;
  private final PeerFilter filter;
  private final String announcement;
  private final Runnable whenClosed;
  private final boolean forks;

  // of the poller's thread, after start
  private final NativeBuffer packet = NativeBuffer.allocate(LARGEST);
  private final PacketAddress sender = new PacketAddress();
  private final Map<SocketAddressBytes, SenderReader> bySender = new LinkedHashMap<>();
  private final Fd socket;
  private Poller.@Nullable Registration registration;
  private @Nullable Admission admission;
  private @Nullable Handler handler;
  private boolean closed;

  private PacketListener(
      OpenContext context,
      Kind kind,
      Fd socket,
      int type,
      int protocol,
      PeerFilter filter,
      String announcement,
      Runnable whenClosed) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.poller = context.poller();
    this.kind = kind;
    this.socket = socket;
    this.type = type;
    this.protocol = protocol;
    this.local = LibC.getsockname(socket.number());
    this.filter = filter;
    this.announcement = announcement;
    this.whenClosed = whenClosed;
    this.forks = options.isOn(RelayOptions.FORK);
  }

  /** A session for each sender: {@code UDP-LISTEN} and its like. */
  public static CompletionStage<Listener> bySender(
      OpenContext context, String port, int family, int protocol) {
    return context.blocking(
        () -> {
          SocketAddressBytes address =
              portAddress(context, port, family, LibC.SOCK_DGRAM, protocol);
          boolean reuse = context.options().isOn(RelayOptions.FORK);
          Fd fd = bound(context, address, LibC.SOCK_DGRAM, protocol, reuse);
          String name = protocol == 17 ? "UDP " : "PROTO" + protocol + " ";
          return new PacketListener(
              context,
              Kind.SENDER,
              fd,
              LibC.SOCK_DGRAM,
              protocol,
              PeerFilter.of(context, address.family()),
              "listening on " + name + LibC.getsockname(fd.number()),
              () -> {});
        });
  }

  /** A session for each packet to a port: {@code UDP-RECVFROM} and its like. */
  public static CompletionStage<Listener> byPacket(
      OpenContext context, String port, int family, int protocol) {
    return context.blocking(
        () -> {
          SocketAddressBytes address =
              portAddress(context, port, family, LibC.SOCK_DGRAM, protocol);
          return byPacket(context, address, LibC.SOCK_DGRAM, protocol, () -> {});
        });
  }

  /** A session for each packet to an address. Blocks no longer than system calls do. */
  static Listener byPacket(
      OpenContext context,
      SocketAddressBytes address,
      int type,
      int protocol,
      Runnable whenClosed) {
    Fd fd = bound(context, address, type, protocol, false);
    boolean raw = type != LibC.SOCK_DGRAM;
    String where = raw ? "IP protocol " + protocol : LibC.getsockname(fd.number()).toString();
    return new PacketListener(
        context,
        Kind.PACKET,
        fd,
        type,
        protocol,
        PeerFilter.of(context, address.family()),
        "receiving on " + where,
        whenClosed);
  }

  /** Reads all packets to a port that the filter lets in: {@code UDP-RECV} and its like. */
  public static CompletionStage<Endpoint> receiver(
      OpenContext context, String port, int family, int protocol) {
    return context.blocking(
        () -> {
          SocketAddressBytes address =
              portAddress(context, port, family, LibC.SOCK_DGRAM, protocol);
          return receiver(context, address, LibC.SOCK_DGRAM, protocol);
        });
  }

  /** Reads all packets to an address that the filter lets in. */
  static Endpoint receiver(
      OpenContext context, SocketAddressBytes address, int type, int protocol) {
    Fd fd = bound(context, address, type, protocol, false);
    PeerFilter filter = PeerFilter.of(context, address.family());
    SocketMaker.apply(fd, context.options(), context.log(), Phase.LATE);
    boolean strip = type != LibC.SOCK_DGRAM && address.family() == SocketAddressBytes.AF_INET;
    return Endpoint.reading(
            new DatagramReader(
                fd,
                filter::permits,
                context.options().isOn(DataTransferOptions.NULL_EOF),
                strip,
                context.log()))
        .socket()
        .pollableAlready()
        .boundary(Boundary.DATAGRAM);
  }

  private static SocketAddressBytes portAddress(
      OpenContext context, String port, int family, int type, int protocol) {
    String bind = context.options().find(SocketOptions.BIND).orElse(null);
    if (bind != null && !HostPort.split(bind)[1].isEmpty()) {
      throw OpenFailure.lasting("port specification not allowed in this bind option");
    }
    int asked = HostPort.family(context.options(), family);
    return HostPort.resolveLocal(context, bind, port, asked, type, protocol);
  }

  private static Fd bound(
      OpenContext context,
      SocketAddressBytes address,
      int type,
      int protocol,
      boolean reuseAddress) {
    Options options = context.options();
    Fd fd = SocketMaker.make(address.family(), type, protocol, options, context.log());
    try {
      if (reuseAddress && !options.has(SocketOptions.SO_REUSEADDR)) {
        SocketMaker.reuseAddress(fd);
      }
      SocketMaker.apply(fd, options, context.log(), Phase.PREBIND, Phase.BIND);
      LibC.bind(fd.number(), address);
      SocketMaker.apply(fd, options, context.log(), Phase.PASTBIND);
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  @Override
  public String localAddress() {
    return local.toString();
  }

  @Override
  public String announcement() {
    return announcement;
  }

  @Override
  public void start(Admission newAdmission, Handler newHandler) {
    poller.execute(
        () -> {
          admission = newAdmission;
          handler = newHandler;
          try {
            registration = poller.register(socket.number(), events -> receiveAll());
          } catch (NativeError e) {
            newHandler.failed(e);
            return;
          }
          receiveAll();
        });
  }

  @Override
  public void resume() {
    poller.execute(this::receiveAll);
  }

  private void receiveAll() {
    Admission room = admission;
    Handler sink = handler;
    while (!closed && room != null && sink != null && room.tryEnter()) {
      int n =
          sender.receive(socket.number(), packet.address(), LARGEST, PacketAddress.MSG_DONTWAIT);
      if (n == -Errno.ECONNREFUSED) {
        room.leave();
        continue;
      }
      if (n < 0) {
        room.leave();
        if (n != -Errno.EAGAIN) {
          sink.failed(new NativeError("recvfrom(" + socket + ")", -n));
        }
        return;
      }
      SocketAddressBytes from = sender.get();
      if (!arrived(from, n, sink)) {
        room.leave();
      }
    }
  }

  /** Whether a session came of it. */
  private boolean arrived(SocketAddressBytes from, int length, Handler sink) {
    SenderReader known = bySender.get(from);
    if (known != null && known.feed(packet.toArray(0, length))) {
      return false;
    }
    if (!filter.permits(from)) {
      if (kind == Kind.SENDER) {
        log.notice("forbidding UDP connection from %s", from);
      }
      return false;
    }
    try {
      if (kind == Kind.SENDER) {
        connectTo(from, packet.toArray(0, length), sink);
      } else {
        hand(from, packet.toArray(0, length), sink);
      }
      return true;
    } catch (NativeError e) {
      log.error(e.getMessage());
      return false;
    }
  }

  // --- one session a sender

  private void connectTo(SocketAddressBytes peer, byte[] first, Handler sink) {
    Fd fd = forks ? bound(context, local, type, protocol, true) : socket;
    if (!forks) {
      endRegistration();
    }
    try {
      LibC.check(
          LibC.connect(fd.number(), peer),
          "connect(" + fd + ", " + peer + ", " + peer.length() + ")");
      SocketMaker.apply(fd, options, log, Phase.LATE);
    } catch (RuntimeException e) {
      if (forks) {
        fd.close();
      }
      throw e;
    }
    Direction direction = context.direction();
    SenderReader reader = new SenderReader(fd, first);
    Endpoint endpoint = DatagramSockets.connectedEndpoint(fd, direction);
    if (direction.reads()) {
      endpoint = endpoint.readBy(reader);
    }
    if (forks) {
      bySender.put(peer, reader);
      endpoint.onClose(() -> poller.execute(() -> bySender.remove(peer, reader)));
    } else {
      closed = true;
    }
    sink.connected(
        endpoint.environment(() -> PeerFacts.of(peer, LibC.getsockname(fd.number()), hasPorts())),
        () -> log.notice("accepting UDP connection from %s", peer));
  }

  // --- one session a packet

  private void hand(SocketAddressBytes from, byte[] content, Handler sink) {
    Fd fd = forks ? socket.duplicate() : socket;
    if (!forks) {
      endRegistration();
      closed = true;
      SocketMaker.apply(fd, options, log, Phase.FD, Phase.CONNECTED, Phase.LATE);
    }
    boolean strip = type != LibC.SOCK_DGRAM && from.family() == SocketAddressBytes.AF_INET;
    OnePacketReader reader =
        new OnePacketReader(
            fd,
            content,
            strip,
            () -> log.notice("received packet with %d bytes from %s", content.length, from));
    Endpoint endpoint =
        DatagramSockets.directed(reader, new DatagramWriter(fd, from, log), context.direction())
            .pollableAlready()
            .boundary(Boundary.DATAGRAM)
            .halfClose(HalfClose.NONE)
            .environment(() -> PeerFacts.of(from, null, hasPorts()));
    sink.connected(endpoint, () -> log.notice("receiving packet from %s", from));
  }

  private boolean hasPorts() {
    return protocol == 17 || protocol == 6 || protocol == 132;
  }

  // --- the end

  private void endRegistration() {
    if (registration != null) {
      registration.close();
      registration = null;
    }
  }

  /** Without fork the socket has gone to the only session. */
  @Override
  public void close() {
    poller.execute(
        () -> {
          endRegistration();
          if (!closed) {
            closed = true;
            socket.close();
            whenClosed.run();
          }
        });
  }

  @Override
  public void close(Runnable afterwards) {
    close();
    poller.execute(afterwards);
  }
}
