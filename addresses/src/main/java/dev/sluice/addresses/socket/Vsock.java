package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.option.CNumber;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.concurrent.CompletionStage;

/** Sockets between virtual machines and their host. See vsock(7). */
public final class Vsock {
  private static final int ANY = -1;
  private static final long IOCTL_VM_SOCKETS_GET_LOCAL_CID = 0x7b9;

  private Vsock() {}

  /** Connects to what the parameters {@code cid:port} name. */
  public static CompletionStage<Endpoint> connect(OpenContext context) {
    SocketAddressBytes remote = address(context.parameter(0), context.parameter(1));
    tellOwnIdentifier(context);
    return new StreamConnector(context, SocketCalls.SOCK_STREAM, 0)
        .connectTo(remote, (fd, to) -> bind(context, fd));
  }

  private static void bind(OpenContext context, Fd fd) {
    context
        .options()
        .find(SocketOptions.BIND)
        .ifPresent(
            text -> {
              String[] parts = HostPort.split(text);
              SocketCalls.bind(fd.number(), address(parts[0], parts[1]));
            });
  }

  /** Listens on the port that the parameter names. Blocks no longer than system calls do. */
  public static Listener listen(OpenContext context) {
    SocketAddressBytes local =
        address(context.options().get(SocketOptions.BIND, ""), context.parameter(0));
    tellOwnIdentifier(context);
    return StreamListener.listen(
        context,
        local,
        SocketCalls.SOCK_STREAM,
        0,
        PeerFilter.of(context, SocketAddressBytes.AF_VSOCK));
  }

  private static SocketAddressBytes address(String cid, String port) {
    return SocketAddressBytes.ofVsock(number("cid", cid), number("port", port));
  }

  private static int number(String what, String text) {
    if (text.isEmpty()) {
      return ANY;
    }
    CNumber number = CNumber.parse(text, 0);
    if (number.length() < text.length()) {
      throw OpenFailure.lasting("sockaddr_vm - garbage in " + what + ": \"" + text + "\"");
    }
    return (int) number.value();
  }

  private static void tellOwnIdentifier(OpenContext context) {
    try (Fd device = FileCalls.open("/dev/vsock", OpenFlags.RDONLY, 0)) {
      NativeBuffer cid = NativeBuffer.allocate(4);
      LibC.check(
          LibC.ioctl(device.number(), IOCTL_VM_SOCKETS_GET_LOCAL_CID, cid),
          "ioctl(" + device + ", IOCTL_VM_SOCKETS_GET_LOCAL_CID, ...)");
      context.log().notice("VSOCK CID=%s", Integer.toUnsignedString(cid.getInt(0)));
    } catch (NativeError e) {
      context.log().warning(e.getMessage());
    }
  }
}
