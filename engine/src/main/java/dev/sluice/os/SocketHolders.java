package dev.sluice.os;

import java.io.IOException;
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

/** Who has an address, as far as /proc tells. See proc_net(5). */
final class SocketHolders {
  private static final int ADDRESS_COLUMN = 1;
  private static final int INODE_COLUMN = 9;
  private static final int UNIX_INODE_COLUMN = 6;

  private SocketHolders() {}

  /** The inodes of UNIX sockets of that name; {@code @} stands before an abstract one. */
  static Set<String> unix(String name) throws IOException {
    return rows("unix").stream()
        .filter(row -> row[row.length - 1].equals(name))
        .map(row -> row[UNIX_INODE_COLUMN])
        .collect(Collectors.toSet());
  }

  /**
   * The inodes of sockets that have a port, of both IP versions.
   *
   * @param table tcp or udp
   */
  static Set<String> internet(String table, int port) throws IOException {
    String end = ":" + HexFormat.of().withUpperCase().toHexDigits((short) port);
    Set<String> found = new TreeSet<>();
    for (String version : List.of(table, table + "6")) {
      for (String[] row : rows(version)) {
        if (row[ADDRESS_COLUMN].endsWith(end) && !row[INODE_COLUMN].equals("0")) {
          found.add(row[INODE_COLUMN]);
        }
      }
    }
    return found;
  }

  /** Says which processes have one of these sockets open. */
  static String text(Set<String> sockets) throws IOException {
    Set<String> holders = holders(sockets);
    return holders.isEmpty()
        ? "a process of another user has it"
        : "in use by " + String.join(", ", holders);
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
        String link = FileCalls.readlink(descriptor.toString());
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
