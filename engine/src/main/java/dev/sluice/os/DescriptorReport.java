package dev.sluice.os;

import static dev.sluice.os.SocketConstants.SOL_IPV6;
import static dev.sluice.os.SocketConstants.SOL_SOCKET;
import static dev.sluice.os.SocketConstants.SOL_TCP;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a descriptor is, on one line of tab-separated columns: its file status, its flags, what
 * belongs to its kind (pipe size, socket options, addresses), and what poll(2) says of it.
 */
public final class DescriptorReport {
  /** Names of the columns that every descriptor has. */
  public static final String HEADING =
      "  FD  type\tdevice\tinode\tmode\tlinks\tuid\tgid\trdev\tsize\tblksize\tblocks\tatime\t\t\t"
          + "\tmtime\t\t\t\tctime\t\t\t\tcloexec\tflags\tsigown\tsigio";

  private static final int F_GETOWN = 9;
  private static final int F_GETSIG = 11;
  private static final int FIONREAD = 0x541B;
  private static final long MSG_PEEK_DONTWAIT = 0x42;

  private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
  private static final List<String> MONTHS =
      List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");

  /** A socket option to show. */
  private record SocketOption(String name, int level, int number) {}

  // What the kernel does not let be read leaves its column empty.
  private static final List<SocketOption> SOCKET_OPTIONS =
      options(
          SOL_SOCKET,
          "DEBUG=1 REUSEADDR=2 PROTOCOL=38 TYPE=3 ERROR=4 DONTROUTE=5 BROADCAST=6 SNDBUF=7 RCVBUF=8"
              + " KEEPALIVE=9 OOBINLINE=10 NO_CHECK=11 PRIORITY=12 LINGER=13 BSDCOMPAT=14"
              + " REUSEPORT=15 PASSCRED=16 PEERCRED=17 RCVLOWAT=18 SNDLOWAT=19 RCVTIMEO=20"
              + " SNDTIMEO=21 SECURITY_AUTHENTICATION=22 SECURITY_ENCRYPTION_TRANSPORT=23"
              + " SECURITY_ENCRYPTION_NETWORK=24 BINDTODEVICE=25 ATTACH_FILTER=26"
              + " DETACH_FILTER=27");
  private static final List<SocketOption> IP_OPTIONS =
      options(
          0,
          "IP_TOS=1 IP_TTL=2 IP_HDRINCL=3 IP_OPTIONS=4 IP_ROUTER_ALERT=5 IP_RECVOPTS=6 IP_RETOPTS=7"
              + " IP_PKTINFO=8 IP_PKTOPTIONS=9 IP_MTU_DISCOVER=10 IP_RECVERR=11 IP_RECVTTL=12"
              + " IP_RECVTOS=13 IP_TRANSPARENT=19 IP_MTU=14 IP_FREEBIND=15 IP_MULTICAST_TTL=33"
              + " IP_MULTICAST_LOOP=34");
  private static final List<SocketOption> TCP_OPTIONS =
      options(
          SOL_TCP,
          "TCP_NODELAY=1 TCP_MAXSEG=2 TCP_CORK=3 TCP_KEEPIDLE=4 TCP_KEEPINTVL=5 TCP_KEEPCNT=6"
              + " TCP_SYNCNT=7 TCP_LINGER2=8 TCP_ACCEPT=9 TCP_WINDOW_CLAMP=10 TCP_INFO=11"
              + " TCP_QUICKACK=12 TCP_MD5SIG=14");
  private static final List<SocketOption> IPV6_OPTIONS = options(SOL_IPV6, "IPV6_V6ONLY=26");
  private static final SocketOption TCP_INFO = new SocketOption("TCP_INFO", SOL_TCP, 11);
  private static final int CAPACITY = 256;

  private DescriptorReport() {}

  private static List<SocketOption> options(int level, String list) {
    List<SocketOption> options = new ArrayList<>();
    for (String entry : list.split(" ", -1)) {
      String[] parts = entry.split("=", 2);
      options.add(new SocketOption(parts[0], level, Integer.parseInt(parts[1])));
    }
    return options;
  }

  /** The names of the columns; {@code raw} times take less room. */
  public static String heading(boolean raw) {
    return raw ? HEADING.replace("time\t\t\t\t", "time\t\t") : HEADING;
  }

  /** The line for an open descriptor; throws {@link NativeError} when it is not open. */
  public static String line(int fd) {
    return line(fd, false);
  }

  /** As {@link #line(int)}, with devices as one number and times in seconds if {@code raw}. */
  public static String line(int fd, boolean raw) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    LibC.check(NativeCalls.call("fstat", fd, status), "fstat(" + fd + ")");
    FileStatus kind = FileStatus.of(status);
    StringBuilder line = columns(fd, status, raw);
    line.append('\t').append(LibC.fcntl(fd, LibC.F_GETFD, 0) & 1);
    line.append("\tx").append(String.format("%06x", LibC.fcntl(fd, LibC.F_GETFL, 0)));
    line.append('\t').append(Math.max(0, LibC.fcntl(fd, F_GETOWN, 0)));
    line.append('\t').append(Math.max(0, LibC.fcntl(fd, F_GETSIG, 0)));
    if (kind.isFifo()) {
      line.append("\tF_GETPIPE_SZ=").append(LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0));
    } else if (kind.isSocket()) {
      socket(line, fd);
    } else if (LibC.isTerminal(fd)) {
      terminal(line, fd);
    }
    return line.append("\tpoll: ").append(readiness(fd)).toString();
  }

  /**
   * The line for a path, without what only an open descriptor has.
   *
   * @param fd the descriptor that it was opened with, or −1
   * @param follow whether a symbolic link is seen through
   */
  public static String pathLine(String path, int fd, boolean follow, boolean raw) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    NativeBuffer name = NativeBuffer.ofCString(path);
    NativeCalls.call(follow ? "stat" : "lstat", name, status);
    FileStatus kind = FileStatus.of(status);
    StringBuilder line = columns(fd, status, raw).append("\t\t\t\t");
    if (kind.isFifo() && fd >= 0) {
      line.append("\tF_GETPIPE_SZ=").append(LibC.fcntl(fd, LibC.F_GETPIPE_SZ, 0));
    } else if (kind.kind().equals("symbolic link")) {
      line.append("LINKTARGET=").append(FileCalls.readlink(path));
    }
    return line.toString();
  }

  private static StringBuilder columns(int fd, NativeBuffer status, boolean raw) {
    FileStatus kind = FileStatus.of(status);
    StringBuilder line = new StringBuilder(String.format("%4d: ", fd));
    long device = status.getLong(0);
    line.append(DescriptorName.kind(kind))
        .append('\t')
        .append(raw ? Long.toString(device) : device(device));
    line.append('\t').append(status.getLong(8));
    line.append("\t0").append(String.format("%03o", kind.mode()));
    line.append('\t').append(Machine.IS_X86_64 ? status.getLong(16) : status.getInt(20));
    line.append('\t')
        .append(status.getInt(Machine.IS_X86_64 ? 28 : 24))
        .append('\t')
        .append(status.getInt(Machine.IS_X86_64 ? 32 : 28));
    line.append('\t').append(device(status.getLong(Machine.IS_X86_64 ? 40 : 32)));
    line.append('\t').append(kind.size());
    line.append('\t').append(Machine.IS_X86_64 ? status.getLong(56) : status.getInt(56));
    line.append('\t').append(status.getLong(64));
    for (int at = 72; at <= 104; at += 16) {
      long seconds = status.getLong(at);
      line.append('\t').append(raw ? Long.toString(seconds) : time(seconds));
    }
    return line;
  }

  private static void terminal(StringBuilder line, int fd) {
    Termios settings = Termios.of(fd);
    line.append('\t').append(DescriptorName.path(fd)).append(" \t");
    line.append(
        String.format(
            "IFLAGS=%08x OFLAGS=%08x CFLAGS=%08x LFLAGS=%08x",
            settings.get(Termios.Word.INPUT),
            settings.get(Termios.Word.OUTPUT),
            settings.get(Termios.Word.CONTROL),
            settings.get(Termios.Word.LOCAL)));
    for (int i = 0; i < Termios.CHARACTERS; i++) {
      int c = settings.character(i);
      String shown =
          c < 0x20 ? "^" + (char) (c + 0x40) : c < 0x7f ? "" + (char) c : String.format("x%02X", c);
      line.append(" cc[").append(i).append("]=").append(shown);
    }
    int[] window = Termios.windowSize(fd);
    line.append(
        String.format(
            " terminal window size: %3dx%d terminal window pixels: %dx%d",
            window[0], window[1], window[2], window[3]));
  }

  /** Major and minor number, from the kernel's packing of them: see makedev(3). */
  private static String device(long device) {
    long major = ((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    return major + "," + minor;
  }

  /** As ctime(3) writes it. */
  private static String time(long seconds) {
    LocalDateTime time =
        LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneId.systemDefault());
    return String.format(
        "%s %s %2d %02d:%02d:%02d %d",
        DAYS.get(time.getDayOfWeek().getValue() - 1),
        MONTHS.get(time.getMonthValue() - 1),
        time.getDayOfMonth(),
        time.getHour(),
        time.getMinute(),
        time.getSecond(),
        time.getYear());
  }

  private static void socket(StringBuilder line, int fd) {
    append(line, fd, SOCKET_OPTIONS);
    line.append('\t');
    SocketAddressBytes own = SocketCalls.getsockname(fd);
    line.append(own).append(peer(fd)).append('\t');
    if (own.isInternet()) {
      append(line, fd, IP_OPTIONS);
      if (intOption(fd, new SocketOption("", SOL_SOCKET, 38)) == SOL_TCP) {
        append(line, fd, TCP_OPTIONS);
        tcpState(line, value(fd, TCP_INFO));
      }
      if (own.family() == SocketAddressBytes.AF_INET6) {
        append(line, fd, IPV6_OPTIONS);
      }
    }
  }

  /** What getpeername(2) says against a socket; empty when it has a peer or is no socket. */
  public static Optional<NativeError> peerError(int fd) {
    try {
      if (FileCalls.fstat(fd).isSocket()) {
        SocketCalls.getpeername(fd);
      }
      return Optional.empty();
    } catch (NativeError e) {
      return Optional.of(e);
    }
  }

  private static String peer(int fd) {
    return peerError(fd).isPresent() ? "" : " <-> " + SocketCalls.getpeername(fd);
  }

  private static void append(StringBuilder line, int fd, List<SocketOption> options) {
    for (SocketOption option : options) {
      byte @Nullable [] value = value(fd, option);
      if (value != null) {
        line.append(option.name()).append('=').append(text(option, value));
      }
      line.append('\t');
    }
  }

  private static byte @Nullable [] value(int fd, SocketOption option) {
    try {
      return SocketCalls.getsockopt(fd, option.level(), option.number(), CAPACITY);
    } catch (NativeError e) {
      return null;
    }
  }

  /** The fields of TCP_INFO that are more than a number, see tcp(7). */
  private static void tcpState(StringBuilder line, byte @Nullable [] info) {
    if (info != null) {
      line.append("TCPI_STATE={").append(info[0]);
      line.append("}\tTCPI_OPTIONS={").append(info[5]);
      line.append("}\tTCPI_SND_WSCALE={").append(info[6] & 0xf);
      line.append("}\tTCPI_RCV_WSCALE={").append(info[6] >> 4 & 0xf).append("}\t");
    }
  }

  private static int intOption(int fd, SocketOption option) {
    byte[] value = SocketCalls.getsockopt(fd, option.level(), option.number(), 4);
    return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
  }

  private static String text(SocketOption option, byte[] value) {
    ByteBuffer bytes = ByteBuffer.wrap(value).order(ByteOrder.nativeOrder());
    return switch (value.length) {
      case 0 -> option.name().startsWith("IP_") ? "\"\"" : "{0,0}";
      case 1 -> Integer.toString(bytes.get());
      case 4 -> Integer.toString(bytes.getInt());
      case 8, 12 -> "{" + bytes.getInt() + "," + bytes.getInt() + "}";
      case 16 -> "{" + bytes.getLong() + "," + bytes.getLong() + "}";
      default ->
          option.name().equals("BINDTODEVICE")
              ? "\"" + new String(value, 0, value.length - 1, StandardCharsets.ISO_8859_1) + "\""
              : words(bytes);
    };
  }

  private static String words(ByteBuffer bytes) {
    StringJoiner words = new StringJoiner(" ", "{", "}");
    while (bytes.remaining() >= Integer.BYTES) {
      words.add(String.format("%08x", bytes.getInt()));
    }
    return words.toString();
  }

  private static String readiness(int fd) {
    NativeBuffer entry = NativeBuffer.allocate(8);
    entry.putInt(0, fd).putShort(4, ReadinessCalls.POLLIN | ReadinessCalls.POLLOUT | 2);
    ReadinessCalls.poll(entry, 1, 0);
    int events = entry.bytes().getShort(6);
    StringBuilder text = new StringBuilder();
    String[] names = {"IN,", "PRI,", "OUT,", "ERR,", "", "NVAL,"};
    for (int bit = 0; bit < names.length; bit++) {
      text.append((events & 1 << bit) != 0 ? names[bit] : "");
    }
    if ((events & ReadinessCalls.POLLIN) != 0) {
      NativeBuffer count = NativeBuffer.allocate(4);
      if (LibC.ioctl(fd, FIONREAD, count) == 0) {
        text.append("; FIONREAD=").append(count.getInt(0));
      }
      long one = NativeCalls.call("recv", fd, count, 1, MSG_PEEK_DONTWAIT);
      text.append(one >= 0 ? "; recvmsg=" + one + ", " : "");
    }
    return text.toString();
  }
}
