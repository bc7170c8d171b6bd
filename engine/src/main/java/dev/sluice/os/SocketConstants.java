package dev.sluice.os;

/**
 * Levels, options, protocols and flags of sockets, as the headers of Linux have them on x86-64 and
 * ARM64. Families are in {@link SocketAddressBytes}, types in {@link SocketCalls}. See socket(7),
 * ip(7), ipv6(7), tcp(7), packet(7), unix(7) and recv(2).
 */
public final class SocketConstants {
  public static final int IPPROTO_TCP = 6;
  public static final int IPPROTO_UDP = 17;

  public static final int SOL_IP = 0;
  public static final int SOL_SOCKET = 1;
  public static final int SOL_TCP = 6;
  public static final int SOL_IPV6 = 41;
  public static final int SOL_UDPLITE = 136;
  public static final int SOL_PACKET = 263;
  public static final int SOL_DCCP = 269;

  public static final int SO_TYPE = 3;
  public static final int SO_ERROR = 4;
  public static final int SO_LINGER = 13;
  public static final int SO_PEERCRED = 17;
  public static final int SO_ACCEPTCONN = 30;
  public static final int SO_PROTOCOL = 38;

  public static final int TCP_LINGER2 = 8;

  public static final int MSG_PEEK = 2;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_ERRQUEUE = 0x2000;

  private SocketConstants() {}
}
