package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.log.RelayLog;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.CompletionStage;

/**
 * Two sockets joined to each other, so that what is written comes back, datagram by datagram:
 * {@code SOCKETPAIR}. See socketpair(2).
 */
@AutoService(AddressTypes.class)
public final class SocketPair implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SOCKETPAIR")
          .groups(FD, SOCKET)
          .keeps(Boundary.DATAGRAM)
          .documented(
              "a socket pair to itself",
              "Gives back what is written to it, with datagram boundaries; socktype=1 makes it a stream.",
              "SOCKETPAIR");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> openPair(context));
  }

  private static Endpoint openPair(OpenContext context) {
    context.log().notice("writing to and reading from unnamed socketpair");
    Options options = context.options();
    int type = options.get(SocketOptions.SO_TYPE, SocketCalls.SOCK_DGRAM);
    int family = HostPort.family(options, SocketAddressBytes.AF_UNIX);
    Fd[] pair = SocketCalls.socketpair(family, type, options.get(SocketOptions.SO_PROTOCOL, 0));
    try {
      for (Fd end : pair) {
        for (Phase phase : new Phase[] {Phase.PASTSOCKET, Phase.FD, Phase.CONNECTED, Phase.LATE}) {
          OptionApplier.apply(phase, end, options, context.log());
        }
      }
    } catch (RuntimeException e) {
      pair[0].close();
      pair[1].close();
      throw e;
    }
    FdReader reader =
        type == SocketCalls.SOCK_STREAM
            ? FdReader.of(pair[0])
            : new Datagrams(pair[0], options.isOn(DataTransferOptions.NULL_EOF), context.log());
    return Endpoint.duplex(reader, FdWriter.of(pair[1]))
        .socket()
        .pollable()
        .boundary(type == SocketCalls.SOCK_STREAM ? Boundary.STREAM : Boundary.DATAGRAM)
        .halfClose(type == SocketCalls.SOCK_STREAM ? HalfClose.SHUTDOWN : HalfClose.NONE);
  }

  /** Tells of each datagram that was read; an empty one is nothing without option null-eof. */
  private record Datagrams(Fd fd, boolean nullEof, RelayLog log) implements FdReader {
    @Override
    public int read(long buffer, int length) {
      int n;
      do {
        n = LibC.read(fd.number(), buffer, length);
        if (n >= 0) {
          log.notice("received packet with %d bytes", n);
        }
      } while (n == 0 && !nullEof);
      return n;
    }
  }
}
