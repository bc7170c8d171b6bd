package dev.sluice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * What to check when bind(2) fails: who may use a low port, and who has the address already, as far
 * as /proc tells. See proc_net(5).
 */
final class BindHint {

  private final SocketAddressBytes address;
  private final int errno;
  private final boolean stream;
  private final boolean ownNamespace;

  /** To be made right after the failure, by the thread that met it; asked when it is reported. */
  BindHint(int fd, SocketAddressBytes address, int errno) {
    this.address = address;
    this.errno = errno;
    this.stream =
        NativeBuffer.of(SocketCalls.getsockopt(fd, 1, 3, Integer.BYTES)).getInt(0)
            == SocketCalls.SOCK_STREAM;
    this.ownNamespace =
        FileCalls.readlink("/proc/thread-self/ns/net")
            .equals(FileCalls.readlink("/proc/self/ns/net"));
  }

  /** What to check; empty when there is nothing to say. */
  String text() {
    try {
      if (errno == Errno.EACCES && address.isInternet() && address.port() < firstFreePort()) {
        return "ports below " + firstFreePort() + " are for root or need CAP_NET_BIND_SERVICE";
      }
      if (errno == Errno.EACCES && address.family() == SocketAddressBytes.AF_UNIX) {
        return PathHint.denied(unixName());
      }
      return errno == Errno.EADDRINUSE && ownNamespace ? inUse() : "";
    } catch (IOException | UncheckedIOException e) {
      return ""; // no /proc, or none of our business
    }
  }

  private static int firstFreePort() throws IOException {
    // in one read: the kernel gives the rest of such a file to nobody
    Path limit = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    return Integer.parseInt(Files.readAllLines(limit).get(0));
  }

  private String unixName() {
    return address.toString().replaceFirst("^AF=1 \"(.*)\"$", "$1");
  }

  private String inUse() throws IOException {
    if (address.family() == SocketAddressBytes.AF_UNIX) {
      String name = unixName();
      return name.startsWith("\\0")
          ? SocketHolders.text(SocketHolders.unix(name.replace("\\0", "@")))
          : PathHint.inTheWay(name);
    }
    if (!address.isInternet()) {
      return "";
    }
    Set<String> sockets = SocketHolders.internet(stream ? "tcp" : "udp", address.port());
    if (sockets.isEmpty()) {
      return stream
          ? "connections that ended lately hold it; option reuseaddr does not mind them"
          : "";
    }
    return SocketHolders.text(sockets);
  }
}
