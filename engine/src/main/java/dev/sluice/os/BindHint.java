package dev.sluice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to check when bind(2) fails: who may use a low port, and who has the address already, as far
 * as /proc tells. See proc_net(5).
 */
final class BindHint {
  private static final int ADDRESS_COLUMN = 1;
  private static final int INODE_COLUMN = 9;
  private static final int UNIX_INODE_COLUMN = 6;

  private final SocketAddressBytes address;
  private final int errno;
  private final boolean stream;
  private final boolean ownNamespace;

  /** To be made right after the failure, by the thread that met it; asked when it is reported. */
  BindHint(int fd, SocketAddressBytes address, int errno) {
    this.address = address;
    this.errno = errno;
    this.stream =
        NativeBuffer.of(LibC.getsockopt(fd, 1, 3, Integer.BYTES)).getInt(0) == LibC.SOCK_STREAM;
    this.ownNamespace =
        LibC.readlink("/proc/thread-self/ns/net").equals(LibC.readlink("/proc/self/ns/net"));
  }

  /** What to check; empty when there is nothing to say. */
  String text() {
    try {
      if (errno == Errno.EACCES && address.isInternet() && address.port() < firstFreePort()) {
        return "ports below " + firstFreePort() + " are for root or need CAP_NET_BIND_SERVICE";
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

  private String inUse() throws IOException {
    Set<String> sockets = sockets();
    if (sockets.isEmpty()) {
      return address.isInternet() && stream
          ? "connections that ended lately hold it; option reuseaddr does not mind them"
          : "";
    }
    Set<String> holders = holders(sockets);
    return holders.isEmpty()
        ? "a process of another user has it"
        : "in use by " + String.join(", ", holders);
  }

  /** The inodes of sockets that have the address. */
  private Set<String> sockets() throws IOException {
    if (address.family() == SocketAddressBytes.AF_UNIX) {
      String name = address.toString().replaceFirst("^AF=1 \"(.*)\"$", "$1").replace("\\0", "@");
      return rows("unix").stream()
          .filter(row -> row[row.length - 1].equals(name))
          .map(row -> row[UNIX_INODE_COLUMN])
          .collect(Collectors.toSet());
    }
    if (!address.isInternet()) {
      return Set.of();
    }
    String kind = stream ? "tcp" : "udp";
    String port = ":" + HexFormat.of().withUpperCase().toHexDigits((short) address.port());
    Set<String> found = new TreeSet<>();
    for (String table : List.of(kind, kind + "6")) {
      for (String[] row : rows(table)) {
        if (row[ADDRESS_COLUMN].endsWith(port) && !row[INODE_COLUMN].equals("0")) {
          found.add(row[INODE_COLUMN]);
        }
      }
    }
    return found;
  }

  private static List<String[]> rows(String table) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/net", table), StandardCharsets.ISO_8859_1)
        .stream()
        .skip(1)
        .map(line -> line.strip().split("\\s+", -1))
        .toList();
  }

  /** The processes that have one of the sockets open: name and process id. */
  private static Set<String> holders(Set<String> sockets) throws IOException {
    Set<String> found = new TreeSet<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        holder(process, sockets).ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<String> holder(Path process, Set<String> sockets) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path descriptor : descriptors) {
        String link = LibC.readlink(descriptor.toString());
        if (link.startsWith("socket:[") && sockets.contains(link.substring(8, link.length() - 1))) {
          String name = Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1);
          return Optional.of(name.strip() + " (process " + process.getFileName() + ")");
        }
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      return Optional.empty(); // has ended, or is another user's
    }
    return Optional.empty();
  }
}
