package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The kernel's table of TCP sockets: /proc/net/tcp and /proc/net/tcp6, see proc(5). */
public final class TcpTable {
  /** States of a socket, as include/net/tcp_states.h numbers them. */
  public static final int SYN_SENT = 2;

  private TcpTable() {}

  /**
   * One socket.
   *
   * @param state as {@link #SYN_SENT}
   * @param unacknowledged bytes that were written and that the peer's kernel has not taken
   * @param inode its number in the links of /proc/PID/fd
   */
  public record Row(int localPort, int peerPort, int state, long unacknowledged, String inode) {
    private static Row of(String line) {
      String[] fields = line.trim().split("\\s+", -1);
      return new Row(
          port(fields[1]),
          port(fields[2]),
          Integer.parseInt(fields[3], 16),
          Long.parseLong(fields[4].substring(0, fields[4].indexOf(':')), 16),
          fields[9]);
    }

    private static int port(String address) {
      return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }
  }

  /** All sockets of this network namespace. */
  public static Stream<Row> rows() {
    return Stream.of("tcp", "tcp6").flatMap(TcpTable::rows);
  }

  private static Stream<Row> rows(String table) {
    try {
      return Files.readAllLines(Path.of("/proc/net", table)).stream().skip(1).map(Row::of);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Bytes that the socket with this port has written and that its peer has not taken. */
  public static long unacknowledged(int localPort) {
    return rows()
        .filter(row -> row.localPort() == localPort && row.peerPort() != 0)
        .mapToLong(Row::unacknowledged)
        .sum();
  }
}
