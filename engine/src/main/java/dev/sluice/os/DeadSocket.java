package dev.sluice.os;

import static dev.sluice.os.SocketAddressBytes.AF_UNIX;
import static dev.sluice.os.SocketCalls.SOCK_STREAM;

/**
 * A socket without a peer: reads find the end of the data, writes fail with EPIPE. It stands in for
 * a closed file while a thread may still use the file's number, so that nobody else gets that
 * number.
 */
final class DeadSocket {

  /** Made with the first use; without a free descriptor the file itself stays open. */
  private static int number = -1;

  private DeadSocket() {}

  /** Puts it where the file {@code fd} is, which is closed by that. */
  static synchronized void replace(int fd) {
    if (number < 0) {
      number = make();
    }
    if (number >= 0) {
      ProcessCalls.replace(number, fd);
    } else {
      SocketCalls.shutdown(fd, SocketCalls.SHUT_RDWR); // of a socket, at least
    }
  }

  private static int make() {
    try {
      Fd[] pair = SocketCalls.socketpair(AF_UNIX, SOCK_STREAM, 0);
      pair[1].close();
      return pair[0].number();
    } catch (NativeError e) {
      return -1;
    }
  }
}
