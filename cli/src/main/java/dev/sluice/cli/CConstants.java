package dev.sluice.cli;

import dev.sluice.os.OpenFlags;
import java.util.List;

/** Constants of the C library by name and value, as {@code procan -c} prints them. */
final class CConstants {
  private static final String SHUT =
      """
      SHUT_RD     0
      SHUT_WR     1
      SHUT_RDWR   2
      """;

  private static final String PLAIN =
      """
      TIOCEXCL    0x540c
      FOPEN_MAX 16
      PF_UNSPEC 0
      PF_UNIX 1
      PF_INET 2
      PF_INET6 10
      PF_APPLETALK 5
      PF_PACKET 17
      PF_VSOCK 40
      SOCK_STREAM 1
      SOCK_DGRAM 2
      SOCK_RAW 3
      SOCK_SEQPACKET 5
      SOCK_PACKET 10
      IPPROTO_IP 0
      IPPROTO_TCP 6
      IPPROTO_UDP 17
      IPPROTO_DCCP 33
      IPPROTO_SCTP 132
      IPPROTO_UDPLITE 136
      IPPROTO_RAW 255
      SOL_SOCKET 0x1
      SOL_PACKET 0x107
      SOL_IP 0x0
      SOL_IPV6 0x29
      SOL_TCP 0x6
      SOL_DCCP 0x10d
      SO_PROTOCOL 38
      SO_REUSEADDR 2
      TCP_MAXSEG 2
      AI_PASSIVE     0x01
      AI_CANONNAME   0x02
      AI_NUMERICHOST 0x04
      AI_V4MAPPED    0x08
      AI_ALL         0x10
      AI_ADDRCONFIG  0x20
      EAI_BADFLAGS    -1
      EAI_NONAME      -2
      EAI_AGAIN       -3
      EAI_FAIL        -4
      EAI_FAMILY      -6
      EAI_SOCKTYPE    -7
      EAI_SERVICE     -8
      EAI_MEMORY      -10
      EAI_SYSTEM      -11
      EAI_OVERFLOW    -12
      EAI_NODATA      -5
      EAI_ADDRFAMILY  -9
      EAI_INPROGRESS  -100
      EAI_CANCELED    -101
      EAI_NOTCANCELED -102
      EAI_ALLDONE     -103
      EAI_INTR        -104
      EAI_IDN_ENCODE  -105
      """;

  /** A flag of open(2) or of a terminal. */
  private record Flag(String name, int value) {}

  private static final List<Flag> OPEN =
      List.of(
          new Flag("CREAT", OpenFlags.CREAT),
          new Flag("EXCL", OpenFlags.EXCL),
          new Flag("NOCTTY", OpenFlags.NOCTTY),
          new Flag("TRUNC", OpenFlags.TRUNC),
          new Flag("APPEND", OpenFlags.APPEND),
          new Flag("NONBLOCK", OpenFlags.NONBLOCK),
          new Flag("NDELAY", OpenFlags.NONBLOCK),
          new Flag("SYNC", OpenFlags.SYNC),
          new Flag("FSYNC", OpenFlags.SYNC),
          new Flag("LARGEFILE", 0),
          new Flag("DIRECTORY", OpenFlags.DIRECTORY),
          new Flag("NOFOLLOW", OpenFlags.NOFOLLOW),
          new Flag("CLOEXEC", OpenFlags.CLOEXEC),
          new Flag("DIRECT", OpenFlags.DIRECT),
          new Flag("NOATIME", OpenFlags.NOATIME),
          new Flag("PATH", OpenFlags.PATH),
          new Flag("DSYNC", OpenFlags.DSYNC),
          new Flag("TMPFILE", 0x400000 | OpenFlags.DIRECTORY));

  private static final List<Flag> TERMINAL =
      List.of(
          new Flag("CRDLY", 0x600),
          new Flag("CR0", 0),
          new Flag("CR1", 0x200),
          new Flag("CR2", 0x400),
          new Flag("CR3", 0x600),
          new Flag("TABDLY", 0x1800),
          new Flag("TAB0", 0),
          new Flag("TAB1", 0x800),
          new Flag("TAB2", 0x1000),
          new Flag("TAB3", 0x1800),
          new Flag("CSIZE", 0x30));

  private CConstants() {}

  /** One line for each. */
  static String render() {
    return "__GLIBC__                 = 2\n"
        + definitions(
            "FD_SETSIZE  1024\nNFDBITS     64\nO_RDONLY    0\nO_WRONLY    1\nO_RDWR      2\n")
        + definitions("O_%-9s 0x%06x  /* %09o */", OPEN)
        + definitions(SHUT)
        + definitions("%-11s 0x%08x  /* %012o */", TERMINAL)
        + definitions(PLAIN);
  }

  private static String definitions(String format, List<Flag> flags) {
    StringBuilder lines = new StringBuilder();
    for (Flag flag : flags) {
      lines.append(String.format(format, flag.name(), flag.value(), flag.value())).append('\n');
    }
    return definitions(lines.toString());
  }

  private static String definitions(String lines) {
    return lines.replaceAll("(?m)^(?=.)", "#define ");
  }
}
