package dev.sluice.os;

import static dev.sluice.os.SocketConstants.SOL_SOCKET;
import static dev.sluice.os.SocketConstants.SO_ACCEPTCONN;
import static dev.sluice.os.SocketConstants.SO_PROTOCOL;
import static dev.sluice.os.SocketConstants.SO_TYPE;

/** What a descriptor is, in a few words: its kind, and its path or addresses. */
public final class DescriptorName {

  private DescriptorName() {}

  /**
   * The name of an open descriptor; throws {@link NativeError} when it is not open.
   *
   * @param improved whether sockets are shown with both addresses and their type
   */
  public static String of(int fd, boolean improved) {
    FileStatus status = FileCalls.fstat(fd);
    if (status.isSocket()) {
      return socket(fd, improved);
    }
    if (status.isFifo()) {
      String path = path(fd);
      return "pipe " + (path.startsWith("/") ? path : "");
    }
    return (LibC.isTerminal(fd) ? "tty" : kind(status)) + " " + path(fd);
  }

  /** The name of what is at a path; throws {@link NativeError} when there is nothing. */
  public static String ofPath(String path) {
    FileStatus status = FileCalls.stat(path);
    if (status == null) {
      throw new NativeError("stat(\"" + path + "\")", Errno.ENOENT);
    }
    return kind(status) + " " + path;
  }

  /** The path that the kernel knows an open descriptor by. */
  static String path(int fd) {
    return FileCalls.readlink("/proc/self/fd/" + fd);
  }

  /** The kind of a file in one word, as both forms of the report have it. */
  static String kind(FileStatus status) {
    return switch (status.kind()) {
      case "regular file" -> "file";
      case "directory" -> "dir";
      case "character device" -> "chrdev";
      case "block device" -> "blkdev";
      case "named pipe" -> "pipe";
      case "symbolic link" -> "symlink";
      default -> status.kind();
    };
  }

  private static String socket(int fd, boolean improved) {
    SocketAddressBytes own = SocketCalls.getsockname(fd);
    int type = option(fd, SO_TYPE);
    boolean listening = option(fd, SO_ACCEPTCONN) != 0;
    String peer = peer(fd);
    if (own.family() == SocketAddressBytes.AF_UNIX) {
      String name = name(own);
      if (improved) {
        return "unix "
            + name
            + "-"
            + peer
            + " "
            + word(type)
            + " "
            + (listening ? "(listening)" : "");
      }
      String kind = type == SocketCalls.SOCK_DGRAM ? "unixdatagram" : "unix";
      return kind + (listening ? "(listening) " : " ") + name;
    }
    if (!own.isInternet()) {
      return "socket(family/domain=" + own.family() + ")";
    }
    String protocol = protocol(option(fd, SO_PROTOCOL), own, improved);
    if (improved) {
      String parts = " (" + word(type) + ") " + (listening ? "(listening)" : "");
      return protocol + " " + name(own) + "-" + peer + parts;
    }
    String shown = protocol + (listening ? "(listening) " : " ") + name(own);
    return type == SocketCalls.SOCK_RAW && peer.isEmpty() ? shown : shown + " " + peer;
  }

  private static String protocol(int number, SocketAddressBytes own, boolean improved) {
    String name =
        switch (number) {
          case 1 -> improved ? "icmp" : "ip";
          case 6 -> "tcp";
          case 17 -> "udp";
          case 33 -> "dccp";
          case 132 -> "sctp";
          case 136 -> "udplite";
          default -> "ip";
        };
    return own.family() == SocketAddressBytes.AF_INET6 ? name + "6" : name;
  }

  private static String word(int type) {
    return switch (type) {
      case SocketCalls.SOCK_STREAM -> "stream";
      case SocketCalls.SOCK_DGRAM -> "dgram";
      case SocketCalls.SOCK_RAW -> "raw";
      case SocketCalls.SOCK_SEQPACKET -> "seqpacket";
      default -> Integer.toString(type);
    };
  }

  private static String peer(int fd) {
    try {
      return name(SocketCalls.getpeername(fd));
    } catch (NativeError e) {
      return "";
    }
  }

  /** An address without the family that log lines put before it. */
  private static String name(SocketAddressBytes address) {
    String shown = address.toString().replaceFirst("^AF=\\d+ ", "");
    return shown.startsWith("\"") ? shown.substring(1, shown.length() - 1) : shown;
  }

  private static int option(int fd, int name) {
    NativeBuffer value = NativeBuffer.of(SocketCalls.getsockopt(fd, SOL_SOCKET, name, 4));
    return value.getInt(0);
  }
}
