package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.FdOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A datagram socket that is bound to where it receives, and whom it hears.
 *
 * @param context names the options
 * @param address where it receives
 * @param type {@code SOCK_*}
 * @param protocol number
 * @param filter whose datagrams are let in
 * @param binder binds the socket
 * @param whenClosed runs after the socket was closed
 */
public record ReceivingSocket(
    OpenContext context,
    SocketAddressBytes address,
    int type,
    int protocol,
    PeerFilter filter,
    Consumer<Fd> binder,
    Runnable whenClosed) {

  /** At an address that leaves no name behind. */
  static ReceivingSocket at(
      OpenContext context, SocketAddressBytes address, int type, int protocol, PeerFilter filter) {
    return new ReceivingSocket(
        context,
        address,
        type,
        protocol,
        filter,
        fd -> SocketCalls.bind(fd.number(), address),
        () -> {});
  }

  /**
   * On a port of the address in option {@code bind}, or of all. Blocks while names are looked up.
   *
   * @param port null where the protocol has none
   * @param family {@code AF_*}, 0 for the default
   */
  public static ReceivingSocket onPort(
      OpenContext context, @Nullable String port, int family, int type, int protocol) {
    String bind = context.options().find(SocketOptions.BIND).orElse(null);
    if (bind != null) {
      HostPort.refusePort(HostPort.split(bind));
    }
    int asked = HostPort.family(context.options(), family);
    SocketAddressBytes address = HostPort.resolveLocal(context, bind, port, asked, type, protocol);
    return at(context, address, type, protocol, PeerFilter.of(context, address.family()));
  }

  /** Under a UNIX name, whose entry in the file system goes with the socket. */
  public static ReceivingSocket underName(OpenContext context, String name, boolean isAbstract) {
    UnixNames.refuseBind(context);
    UnixEntry entry = new UnixEntry(context, name, isAbstract, true);
    entry.prepareNew();
    return new ReceivingSocket(
        context,
        entry.address(),
        SocketCalls.SOCK_DGRAM,
        0,
        PeerFilter.of(context, SocketAddressBytes.AF_UNIX),
        entry::bind,
        entry::remove);
  }

  /** Makes the socket. */
  Fd bind(boolean reuseAddress) {
    Options options = context.options();
    Fd fd = SocketMaker.make(address.family(), type, protocol, options, context.log());
    try {
      if (reuseAddress && !options.has(SocketOptions.SO_REUSEADDR)) {
        SocketMaker.reuseAddress(fd);
      }
      if (address.isInternet() && !options.has(SocketOptions.SO_RCVBUF)) {
        SocketMaker.enlargeReceiveBuffer(fd);
      }
      SocketMaker.apply(fd, options, context.log(), Phase.PREBIND, Phase.BIND);
      binder.accept(fd);
      SocketMaker.apply(fd, options, context.log(), Phase.PASTBIND);
      return fd;
    } catch (RuntimeException e) {
      fd.close();
      whenClosed.run();
      throw e;
    }
  }

  /**
   * Reads all datagrams that the filter lets in: {@code UDP-RECV} and its like. Options that such a
   * socket has no use for are an error, but for UNIX sockets.
   */
  public Endpoint receiver() {
    Options options = context.options();
    Fd fd = bind(false);
    try {
      if (isUnix()) {
        applyConnected(fd);
      } else {
        SocketMaker.refuseUnused(options, context.log(), Phase.FD, Phase.CONNECTED);
      }
      SocketMaker.apply(fd, options, context.log(), Phase.LATE);
      if (type == SocketCalls.SOCK_RAW) {
        context.log().notice("%s", announcement(fd));
      }
    } catch (RuntimeException e) {
      fd.close();
      whenClosed.run();
      throw e;
    }
    FdReader reader =
        new DatagramReader(
            fd,
            sender -> filter.permits(sender, address),
            options.isOn(DataTransferOptions.NULL_EOF),
            hasIpHeader(),
            true,
            context.log());
    Endpoint endpoint = Endpoint.of(reader, new NoDestination(fd), context.direction());
    return filter
        .pollableUnlessItBlocks(endpoint)
        .socket()
        .boundary(Boundary.DATAGRAM)
        .onClose(whenClosed);
  }

  /** Fails when it is written: there is nobody to send to. */
  private record NoDestination(Fd fd) implements FdWriter {
    @Override
    public int write(long buffer, int length) {
      return -Errno.EINVAL;
    }

    @Override
    public String describeWrite(long buffer, int length) {
      return "sendto(" + fd + ", 0x" + Long.toHexString(buffer) + ", " + length + ", 0, <anon>)";
    }
  }

  /** Applies the options of the phases that come once a peer is known. */
  void applyConnected(Fd fd) {
    Options options = context.options();
    if (isUnix()) {
      OptionApplier.apply(
          Phase.FD, fd, options, context.log(), FdOptions.PERM, FdOptions.USER, FdOptions.GROUP);
      SocketMaker.apply(fd, options, context.log(), Phase.CONNECTED);
    } else {
      SocketMaker.apply(fd, options, context.log(), Phase.FD, Phase.CONNECTED);
    }
  }

  /** Makes a socket that hears and speaks to one peer only. */
  Fd connectedTo(SocketAddressBytes peer) {
    Fd fd = bind(true);
    try {
      return connect(fd, peer);
    } catch (RuntimeException e) {
      fd.close();
      throw e;
    }
  }

  /** Has a socket hear and speak to one peer only; returns it. */
  Fd connect(Fd fd, SocketAddressBytes peer) {
    LibC.check(SocketCalls.connect(fd.number(), peer), ConnectWatch.call(fd, peer));
    SocketMaker.refuseUnused(context.options(), context.log(), Phase.FD, Phase.CONNECTED);
    SocketMaker.apply(fd, context.options(), context.log(), Phase.LATE);
    return fd;
  }

  private boolean isUnix() {
    return address.family() == SocketAddressBytes.AF_UNIX;
  }

  /** What a log line says while it waits. */
  String announcement(Fd fd) {
    return type == SocketCalls.SOCK_RAW && address.isInternet()
        ? "receiving IP protocol " + protocol
        : "receiving on " + SocketCalls.getsockname(fd.number());
  }

  /** Whether datagrams begin with an IPv4 header, which is not data. */
  boolean hasIpHeader() {
    return type == SocketCalls.SOCK_RAW && address.family() == SocketAddressBytes.AF_INET;
  }

  /** Bytes before the data of a datagram. */
  int headerLength(byte[] datagram) {
    return hasIpHeader() && datagram.length > 0 ? (datagram[0] & 0xf) * 4 : 0;
  }

  /** The same socket bound elsewhere, to the very address that another one has. */
  ReceivingSocket movedTo(SocketAddressBytes local) {
    return at(context, local, type, protocol, filter);
  }
}
