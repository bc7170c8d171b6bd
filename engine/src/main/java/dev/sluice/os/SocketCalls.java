package dev.sluice.os;

import java.lang.ref.Reference;

/** Sockets, call by call; results and errors as with {@link LibC}. */
public final class SocketCalls {
  private static final long SOCKET = NativeCalls.symbol("socket");
  private static final long BIND = NativeCalls.symbol("bind");
  private static final long LISTEN = NativeCalls.symbol("listen");
  private static final long CONNECT = NativeCalls.symbol("connect");
  private static final long ACCEPT4 = NativeCalls.symbol("accept4");
  private static final long SHUTDOWN = NativeCalls.symbol("shutdown");
  private static final long SETSOCKOPT = NativeCalls.symbol("setsockopt");
  private static final long RECVMSG = NativeCalls.symbol("recvmsg");
  private static final long SENDTO = NativeCalls.symbol("sendto");
  private static final long RECVMMSG = NativeCalls.symbol("recvmmsg");
  private static final long SENDMMSG = NativeCalls.symbol("sendmmsg");
  private static final long SENDMSG = NativeCalls.symbol("sendmsg");
  private static final long GETSOCKOPT = NativeCalls.symbol("getsockopt");
  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_SEQPACKET = 5;
  public static final int SOCK_DCCP = 6;
  public static final int SOCK_NONBLOCK = 04000;
  public static final int SOCK_CLOEXEC = 02000000;
  public static final int SHUT_RD = 0;
  public static final int SHUT_WR = 1;
  public static final int SHUT_RDWR = 2;
  private static final int TCP_INFO = 11;

  /** tcpi_bytes_acked, the last member of struct tcp_info that is asked for. */
  private static final int BYTES_ACKED = 120;

  private static final int TCP_INFO_SIZE = BYTES_ACKED + 8;

  private SocketCalls() {}

  /** Looks the functions up. */
  static void load() {}

  /** socket(2), close-on-exec; {@code type} may hold {@link #SOCK_NONBLOCK}. */
  public static Fd socket(int domain, int type, int protocol) {
    int fd =
        NativeCalls.intResult(
            NativeCalls.INVOKER.invokeN3(
                NativeCalls.C3, SOCKET, domain, type | SOCK_CLOEXEC, protocol));
    String call = "socket(" + domain + ", " + (type & ~SOCK_NONBLOCK) + ", " + protocol + ")";
    if (fd == -Errno.EPERM) {
      throw new NativeError(call, Errno.EPERM, () -> "it is for root or needs CAP_NET_RAW");
    }
    LibC.check(fd, call);
    return Fd.owned(fd);
  }

  /** socketpair(2), close-on-exec. */
  public static Fd[] socketpair(int domain, int type, int protocol) {
    NativeBuffer pair = NativeBuffer.allocate(8);
    LibC.check(
        NativeCalls.call("socketpair", domain, type | SOCK_CLOEXEC, protocol, pair),
        "socketpair(" + domain + ", " + type + ", " + protocol + ")");
    return new Fd[] {Fd.owned(pair.getInt(0)), Fd.owned(pair.getInt(4))};
  }

  /** bind(2). */
  public static void bind(int fd, SocketAddressBytes address) {
    NativeBuffer scratch = NativeCalls.scratch();
    scratch.bytes().put(0, address.bytes());
    int result =
        NativeCalls.intResult(
            NativeCalls.INVOKER.invokeN3(
                NativeCalls.C3, BIND, fd, scratch.address(), address.length()));
    if (result < 0) {
      int errno = -result;
      throw new NativeError(
          "bind(" + fd + ", {" + address + "}, " + address.length() + ")",
          errno,
          new BindHint(fd, address, errno)::text);
    }
  }

  /** listen(2). */
  public static void listen(int fd, int backlog) {
    int result =
        NativeCalls.intResult(NativeCalls.INVOKER.invokeN2(NativeCalls.C2, LISTEN, fd, backlog));
    if (result < 0) {
      throw new NativeError("listen(" + fd + ", " + backlog + ")", -result);
    }
  }

  /** connect(2); 0 or {@code -errno}. */
  public static int connect(int fd, SocketAddressBytes address) {
    NativeBuffer scratch = NativeCalls.scratch();
    scratch.bytes().put(0, address.bytes());
    int result;
    do {
      result =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN3(
                  NativeCalls.C3, CONNECT, fd, scratch.address(), address.length()));
    } while (result == -Errno.EINTR);
    return result;
  }

  /**
   * accept4(2) with close-on-exec and non-blocking set; the descriptor or {@code -errno}. The
   * address is at the start of {@code address}, its length at {@code lengthAt}.
   */
  static int accept(int fd, NativeBuffer address, int lengthAt) {
    long at = address.address();
    int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    int result;
    do {
      result =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN4(NativeCalls.C4, ACCEPT4, fd, at, at + lengthAt, flags));
    } while (result == -Errno.EINTR);
    Reference.reachabilityFence(address);
    return result;
  }

  /** shutdown(2); 0 or {@code -errno}. */
  public static int shutdown(int fd, int how) {
    return NativeCalls.intResult(NativeCalls.INVOKER.invokeN2(NativeCalls.C2, SHUTDOWN, fd, how));
  }

  /** setsockopt(2) with raw bytes; 0 or {@code -errno}. */
  public static int setsockopt(int fd, int level, int name, byte[] value) {
    NativeBuffer scratch =
        value.length <= NativeCalls.SCRATCH_SIZE
            ? NativeCalls.scratch()
            : NativeBuffer.allocate(value.length);
    scratch.bytes().put(0, value);
    int result =
        NativeCalls.intResult(
            NativeCalls.INVOKER.invokeN5(
                NativeCalls.C5, SETSOCKOPT, fd, level, name, scratch.address(), value.length));
    Reference.reachabilityFence(scratch);
    return result;
  }

  /** getsockopt(2): the bytes that the kernel gave. */
  public static byte[] getsockopt(int fd, int level, int name, int capacity) {
    NativeBuffer value = NativeBuffer.allocate(capacity + 8);
    LibC.check(
        getsockopt(fd, level, name, value, capacity),
        "getsockopt(" + fd + ", " + level + ", " + name + ")");
    return value.toArray(0, value.getInt(capacity));
  }

  /** The value goes to the beginning of the buffer, its length behind the first bytes. */
  private static int getsockopt(int fd, int level, int name, NativeBuffer value, int capacity) {
    value.putInt(capacity, capacity);
    return NativeCalls.intResult(
        NativeCalls.INVOKER.invokeN5(
            NativeCalls.C5,
            GETSOCKOPT,
            fd,
            level,
            name,
            value.address(),
            value.address() + capacity));
  }

  /** The pending error of a socket (SO_ERROR), 0 for none. */
  public static int socketError(int fd) {
    NativeBuffer scratch = NativeCalls.scratch();
    getsockopt(fd, SocketConstants.SOL_SOCKET, SocketConstants.SO_ERROR, scratch, Integer.BYTES);
    return scratch.getInt(0);
  }

  /**
   * Whether a TCP socket was connected at some time, even if its peer has reset the connection
   * since: the peer has acknowledged the SYN (tcpi_bytes_acked of TCP_INFO, Linux 4.1). False of
   * other sockets.
   */
  public static boolean wasEstablished(int fd) {
    NativeBuffer scratch = NativeCalls.scratch();
    int result = getsockopt(fd, SocketConstants.IPPROTO_TCP, TCP_INFO, scratch, TCP_INFO_SIZE);
    return result == 0
        && scratch.getInt(TCP_INFO_SIZE) == TCP_INFO_SIZE
        && scratch.bytes().getLong(BYTES_ACKED) > 0;
  }

  /** getsockname(2). */
  public static SocketAddressBytes getsockname(int fd) {
    return nameCall("getsockname", fd);
  }

  /** getpeername(2). */
  public static SocketAddressBytes getpeername(int fd) {
    return nameCall("getpeername", fd);
  }

  private static SocketAddressBytes nameCall(String call, int fd) {
    NativeBuffer scratch = NativeCalls.scratch();
    scratch.putInt(SocketAddressBytes.CAPACITY, SocketAddressBytes.CAPACITY);
    LibC.check(
        NativeCalls.intResult(
            NativeCalls.INVOKER.invokeN3(
                NativeCalls.C3,
                NativeCalls.symbol(call),
                fd,
                scratch.address(),
                scratch.address() + SocketAddressBytes.CAPACITY)),
        call + "(" + fd + ")");
    return SocketAddressBytes.read(scratch, scratch.getInt(SocketAddressBytes.CAPACITY));
  }

  /** recvmsg(2), whose header is at {@code at}; bytes received or {@code -errno}. */
  static int recvmsg(int fd, NativeBuffer header, int at, int flags) {
    long n;
    do {
      n = NativeCalls.INVOKER.invokeN3(NativeCalls.C3, RECVMSG, fd, header.address() + at, flags);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(header);
    return (int) NativeCalls.result(n);
  }

  /** recvmmsg(2) that does not wait; messages received or {@code -errno}. */
  static int recvmmsg(int fd, NativeBuffer messages, int count) {
    int flags = SocketConstants.MSG_DONTWAIT;
    int n;
    do {
      n =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN5(
                  NativeCalls.C5, RECVMMSG, fd, messages.address(), count, flags, 0));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(messages);
    return n;
  }

  /**
   * sendmmsg(2) that does not wait, of the messages at {@code from}; messages sent or {@code
   * -errno} of the first.
   */
  static int sendmmsg(int fd, NativeBuffer messages, int from, int count) {
    long at = messages.address() + from;
    int n;
    do {
      n =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN4(
                  NativeCalls.C4, SENDMMSG, fd, at, count, SocketConstants.MSG_DONTWAIT));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(messages);
    return n;
  }

  /** sendmsg(2) that does not wait; bytes sent or {@code -errno}. */
  static int sendmsg(int fd, NativeBuffer header) {
    long at = header.address();
    int n;
    do {
      n =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN3(
                  NativeCalls.C3, SENDMSG, fd, at, SocketConstants.MSG_DONTWAIT));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(header);
    return n;
  }

  /** send(2) without flags, to whom the socket is connected; bytes sent or {@code -errno}. */
  public static int send(int fd, long buffer, int size) {
    long n;
    do {
      n = NativeCalls.INVOKER.invokeN6(NativeCalls.C6, SENDTO, fd, buffer, size, 0, 0, 0);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    return (int) NativeCalls.result(n);
  }

  /** sendto(2) without flags; bytes sent or {@code -errno}. */
  static int sendto(int fd, long buffer, int size, NativeBuffer address, int length) {
    long n;
    do {
      n =
          NativeCalls.INVOKER.invokeN6(
              NativeCalls.C6, SENDTO, fd, buffer, size, 0, address.address(), length);
    } while (n == -1 && NativeCalls.LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(address);
    return (int) NativeCalls.result(n);
  }
}
