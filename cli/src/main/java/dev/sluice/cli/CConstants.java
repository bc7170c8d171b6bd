package dev.sluice.cli;

import dev.sluice.os.OpenFlags;
import java.util.List;

/** Constants of the C library by name and value, as {@code procan -c} prints them. */
final class CConstants {
  private static final String PLAIN =
      """
      SHUT_RD=0 SHUT_WR=1 SHUT_RDWR=2 PF_UNSPEC=0 PF_UNIX=1 PF_INET=2 PF_INET6=10 PF_APPLETALK=5 PF_PACKET=17
      PF_VSOCK=40 SOCK_STREAM=1 SOCK_DGRAM=2 SOCK_RAW=3 SOCK_SEQPACKET=5 SOCK_PACKET=10 IPPROTO_IP=0 IPPROTO_TCP=6
      IPPROTO_UDP=17 IPPROTO_DCCP=33 IPPROTO_SCTP=132 IPPROTO_UDPLITE=136 IPPROTO_RAW=255 SO_PROTOCOL=38
      SO_REUSEADDR=2 TCP_MAXSEG=2 SOL_SOCKET=0x1 SOL_PACKET=0x107 SOL_IP=0x0 SOL_IPV6=0x29 SOL_TCP=0x6 SOL_DCCP=0x10d
      TIOCEXCL=0x540c
      """;

  /** A flag of open(2). */
  private record Flag(String name, int value) {}

  private static final List<Flag> OPEN =
      List.of(
          new Flag("CREAT", OpenFlags.CREAT),
          new Flag("EXCL", OpenFlags.EXCL),
          new Flag("NOCTTY", OpenFlags.NOCTTY),
          new Flag("TRUNC", OpenFlags.TRUNC),
          new Flag("APPEND", OpenFlags.APPEND),
          new Flag("NONBLOCK", OpenFlags.NONBLOCK),
          new Flag("SYNC", OpenFlags.SYNC),
          new Flag("DSYNC", OpenFlags.DSYNC),
          new Flag("DIRECTORY", OpenFlags.DIRECTORY),
          new Flag("NOFOLLOW", OpenFlags.NOFOLLOW),
          new Flag("CLOEXEC", OpenFlags.CLOEXEC),
          new Flag("DIRECT", OpenFlags.DIRECT),
          new Flag("NOATIME", OpenFlags.NOATIME),
          new Flag("PATH", OpenFlags.PATH));

  private CConstants() {}

  /** One line for each. */
  static String render() {
    StringBuilder out = new StringBuilder();
    out.append("#define O_RDONLY    0\n#define O_WRONLY    1\n#define O_RDWR      2\n");
    for (Flag flag : OPEN) {
      out.append(
          String.format(
              "#define O_%-9s 0x%06x  /* %09o */%n", flag.name(), flag.value(), flag.value()));
    }
    for (String entry : PLAIN.split("\\s+", -1)) {
      String[] parts = entry.split("=", 2);
      out.append("#define ").append(parts[0]).append(' ').append(parts[1]).append('\n');
    }
    return out.toString();
  }
}
