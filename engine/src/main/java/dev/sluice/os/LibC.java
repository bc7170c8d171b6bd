package dev.sluice.os;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.CallingConvention;
import com.kenai.jffi.HeapInvocationBuffer;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The C library and the kernel, call by call, over jffi's invoker (docs/adr/0003).
 *
 * <p>Two shapes: calls that can only go wrong throw {@link NativeError}; calls of the data path
 * return the result, or {@code -errno} when they fail, so that "would block" costs nothing.
 * Interrupted calls (EINTR) are repeated.
 *
 * <p>Pointers are {@link NativeBuffer}s, which every call here keeps from the garbage collector
 * until it is back. Only the calls of pumps take addresses as {@code long}: their blocks are held
 * by what is held by the poller.
 */
public final class LibC {
  private static final Invoker INVOKER = Invoker.getInstance();
  private static final LastError LAST_ERROR = LastError.getInstance();
  private static final Library LIBRARY = Library.getDefault();
  private static final CallContext[] CONTEXTS = new CallContext[8];

  static {
    for (int i = 0; i < CONTEXTS.length; i++) {
      Type[] parameters = new Type[i];
      java.util.Arrays.fill(parameters, Type.SLONG_LONG);
      CONTEXTS[i] =
          CallContext.getCallContext(Type.SLONG_LONG, parameters, CallingConvention.DEFAULT, true);
    }
  }

  private static final CallContext C0 = CONTEXTS[0];
  private static final CallContext C1 = CONTEXTS[1];
  private static final CallContext C2 = CONTEXTS[2];
  private static final CallContext C3 = CONTEXTS[3];
  private static final CallContext C4 = CONTEXTS[4];
  private static final CallContext C5 = CONTEXTS[5];
  private static final CallContext C6 = CONTEXTS[6];

  private static final long READ = symbol("read");
  private static final long WRITE = symbol("write");
  private static final long CLOSE = symbol("close");
  private static final long FCNTL = symbol("fcntl");
  private static final long POLL = symbol("poll");
  private static final long SPLICE = symbol("splice");
  private static final long EPOLL_CTL = symbol("epoll_ctl");
  private static final long EPOLL_WAIT = symbol("epoll_wait");
  private static final long SOCKET = symbol("socket");
  private static final long CONNECT = symbol("connect");
  private static final long ACCEPT4 = symbol("accept4");
  private static final long SHUTDOWN = symbol("shutdown");
  private static final long SETSOCKOPT = symbol("setsockopt");
  private static final int MSG_PEEK = 2;
  private static final int MSG_DONTWAIT = PacketAddress.MSG_DONTWAIT;
  private static final long RECV = symbol("recv");
  private static final long RECVMSG = symbol("recvmsg");
  private static final long SENDTO = symbol("sendto");
  private static final long RECVMMSG = symbol("recvmmsg");
  private static final long SENDMMSG = symbol("sendmmsg");
  private static final long SENDMSG = symbol("sendmsg");
  private static final long GETSOCKOPT = symbol("getsockopt");
  private static final long SCHED_GETCPU = symbol("sched_getcpu");

  private LibC() {}

  /** Loads this class and the library under it, so that a later first call is quick. */
  public static void load() {}

  private static long symbol(String name) {
    long address = LIBRARY.getSymbolAddress(name);
    if (address == 0) {
      throw new UnsatisfiedLinkError("the C library has no function " + name);
    }
    return address;
  }

  /** Whether the C library has that function. */
  static boolean has(String name) {
    return LIBRARY.getSymbolAddress(name) != 0;
  }

  private static long result(long value) {
    return value == -1 ? -LAST_ERROR.get() : value;
  }

  private static int intResult(long value) {
    return (int) value == -1 ? -LAST_ERROR.get() : (int) value;
  }

  /** Throws for a negative {@code result}, which holds {@code -errno}; otherwise returns it. */
  public static int check(int result, String call) {
    if (result < 0) {
      throw new NativeError(call, -result);
    }
    return result;
  }

  /** As {@link #check}, for a call with a path that may not be for us. */
  private static void checkPath(int result, String call, String path) {
    if (result == -Errno.EACCES) {
      String whose = PathHint.denied(path); // as this thread sees the path
      throw new NativeError(call, Errno.EACCES, () -> whose);
    }
    check(result, call);
  }

  // --- bytes

  /** read(2); bytes read, 0 at the end, or {@code -errno}. */
  public static int read(int fd, long buffer, int length) {
    long n;
    do {
      n = INVOKER.invokeN3(C3, READ, fd, buffer, length);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return (int) result(n);
  }

  /** write(2); bytes written or {@code -errno}. */
  public static int write(int fd, long buffer, int length) {
    long n;
    do {
      n = INVOKER.invokeN3(C3, WRITE, fd, buffer, length);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return (int) result(n);
  }

  /** As {@link #read(int, long, int)}, to the bytes of {@code buffer} at {@code from}. */
  public static int read(int fd, NativeBuffer buffer, int from, int length) {
    int n = read(fd, buffer.address() + from, length);
    Reference.reachabilityFence(buffer);
    return n;
  }

  /** As {@link #write(int, long, int)}, of the bytes of {@code buffer} at {@code from}. */
  public static int write(int fd, NativeBuffer buffer, int from, int length) {
    int n = write(fd, buffer.address() + from, length);
    Reference.reachabilityFence(buffer);
    return n;
  }

  /** recv(2) that leaves what it reads, and does not wait; bytes read or {@code -errno}. */
  public static int peek(int fd, NativeBuffer buffer, int length) {
    long n;
    do {
      n = INVOKER.invokeN4(C4, RECV, fd, buffer.address(), length, MSG_PEEK | MSG_DONTWAIT);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(buffer);
    return (int) result(n);
  }

  /** As {@link #read(int, long, int)}, into an array, from a descriptor that never blocks. */
  public static int read(int fd, HeapBytes buffer) {
    long n;
    do {
      n = buffer.fill(C3, READ, fd);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return (int) result(n);
  }

  /** As {@link #write(int, long, int)}, from an array, to a descriptor that never blocks. */
  public static int write(int fd, HeapBytes buffer) {
    long n;
    do {
      n = buffer.pass(C3, WRITE, fd);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return (int) result(n);
  }

  public static final int SPLICE_F_MOVE = 1;
  public static final int SPLICE_F_NONBLOCK = 2;
  public static final int SPLICE_F_MORE = 4;

  /** splice(2) without offsets; bytes moved, 0 at the end, or {@code -errno}. */
  public static long splice(int from, int to, long length, int flags) {
    long n;
    do {
      n = INVOKER.invokeN6(C6, SPLICE, from, 0, to, 0, length, flags);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return result(n);
  }

  /** close(2), errors ignored: the descriptor is gone in any case. */
  static void close(int fd) {
    INVOKER.invokeN1(C1, CLOSE, fd);
  }

  /** lseek(2). */
  public static long lseek(int fd, long offset, int whence) {
    long at = result(INVOKER.invokeN3(C3, symbol("lseek"), fd, offset, whence));
    if (at < 0) {
      throw new NativeError("lseek64(" + fd + ", " + offset + ", " + whence + ")", (int) -at);
    }
    return at;
  }

  /** ftruncate(2). */
  public static void ftruncate(int fd, long length) {
    check(call("ftruncate", fd, length), "ftruncate64(" + fd + ", " + length + ")");
  }

  // --- files

  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  /** open(2) with O_CLOEXEC added. */
  public static Fd open(String path, int flags, int mode) {
    int fd;
    do {
      fd = pathCall("open", path, flags | OpenFlags.CLOEXEC, mode);
    } while (fd == -Errno.EINTR);
    checkPath(
        fd,
        "open(\""
            + path
            + "\", 0"
            + Integer.toOctalString(flags)
            + ", 0"
            + Integer.toOctalString(mode)
            + ")",
        path);
    return Fd.owned(fd);
  }

  static int pathCall(String function, String path, Object... rest) {
    Object[] arguments = new Object[rest.length + 1];
    arguments[0] = NativeBuffer.ofCString(path);
    System.arraycopy(rest, 0, arguments, 1, rest.length);
    return call(function, arguments);
  }

  /**
   * Whether a file can be executed, by access(2): 0 or {@code -errno}. Far cheaper than a spawn
   * that fails. Asks for the user that the thread has, without the capabilities that it may have
   * kept ({@link ScopedThread#setUserOfProgram}).
   */
  static int accessExecutable(String path) {
    return pathCall("access", path, 1);
  }

  /** unlink(2); 0 or {@code -errno}. */
  public static int unlink(String path) {
    return pathCall("unlink", path);
  }

  /** mkfifo(3); 0 or {@code -errno}. */
  public static int mkfifo(String path, int mode) {
    return pathCall("mkfifo", path, mode);
  }

  /** chmod(2). */
  public static void chmod(String path, int mode) {
    check(
        pathCall("chmod", path, mode),
        "chmod(\"" + path + "\", 0" + Integer.toOctalString(mode) + ")");
  }

  /** chown(2); −1 leaves an id as it is. */
  public static void chown(String path, int uid, int gid) {
    check(pathCall("chown", path, uid, gid), "chown(\"" + path + "\", " + uid + ", " + gid + ")");
  }

  /** link(2); 0 or {@code -errno}. */
  public static int link(String existing, String name) {
    return pathCall("link", existing, NativeBuffer.ofCString(name));
  }

  /** readlink(2); empty when there is no link by that name. */
  static String readlink(String path) {
    NativeBuffer target = NativeBuffer.allocate(4096);
    int length = pathCall("readlink", path, target, 4095);
    return length < 0 ? "" : target.getCString();
  }

  /** symlink(2); 0 or {@code -errno}. */
  public static int symlink(String target, String name) {
    return pathCall("symlink", target, NativeBuffer.ofCString(name));
  }

  /**
   * chdir(2), for the calling thread alone when it has left the shared file system state; see
   * {@link ScopedThread}.
   */
  public static void chdir(String path) {
    check(pathCall("chdir", path), "chdir(\"" + path + "\")");
  }

  /**
   * chroot(2), for the calling thread alone when it has left the shared file system state; see
   * {@link ScopedThread}.
   */
  public static void chroot(String path) {
    check(pathCall("chroot", path), "chroot(\"" + path + "\")");
  }

  /** umask(2); the former mask. */
  public static int umask(int mask) {
    return posix("umask", mask);
  }

  /** stat(2) by path, or null when there is none by that name. */
  public static @Nullable FileStatus stat(String path) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    int result = pathCall("stat", path, status);
    if (result == -Errno.ENOENT) {
      return null;
    }
    checkPath(result, "stat(\"" + path + "\")", path);
    return FileStatus.of(status);
  }

  /** What an entry of a directory is, a link itself; null when there is none by that name. */
  static @Nullable FileStatus statAt(Fd directory, String name) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    int result =
        call(
            "fstatat",
            directory.number(),
            NativeBuffer.ofCString(name),
            status,
            AT_SYMLINK_NOFOLLOW);
    if (result == -Errno.ENOENT) {
      return null;
    }
    check(result, "fstatat(" + directory + ", \"" + name + "\")");
    return FileStatus.of(status);
  }

  /** unlinkat(2) of what is no directory; 0 or {@code -errno}. */
  static int unlinkAt(Fd directory, String name) {
    return call("unlinkat", directory.number(), NativeBuffer.ofCString(name), 0);
  }

  /** openat(2) with O_CLOEXEC added. */
  static Fd openAt(Fd directory, String name, int flags) {
    int fd =
        call(
            "openat",
            directory.number(),
            NativeBuffer.ofCString(name),
            flags | OpenFlags.CLOEXEC,
            0);
    check(fd, "openat(" + directory + ", \"" + name + "\")");
    return Fd.owned(fd);
  }

  /** fstat(2). */
  public static FileStatus fstat(int fd) {
    NativeBuffer status = NativeBuffer.allocate(FileStatus.SIZE);
    check(call("fstat", fd, status), "fstat(" + fd + ")");
    return FileStatus.of(status);
  }

  /** fchmod(2). */
  public static void fchmod(int fd, int mode) {
    check(call("fchmod", fd, mode), "fchmod(" + fd + ", 0" + Integer.toOctalString(mode) + ")");
  }

  /** fchown(2); −1 leaves an id as it is. */
  public static void fchown(int fd, int uid, int gid) {
    check(call("fchown", fd, uid, gid), "fchown(" + fd + ", " + uid + ", " + gid + ")");
  }

  /** flock(2). */
  public static void flock(int fd, int operation) {
    int result;
    do {
      result = call("flock", fd, operation);
    } while (result == -Errno.EINTR);
    check(result, "flock(" + fd + ", " + operation + ")");
  }

  public static final int F_GETFL = 3;
  public static final int F_SETFL = 4;
  public static final int F_GETFD = 1;
  public static final int F_SETFD = 2;
  public static final int F_SETLK = 6;
  public static final int F_SETLKW = 7;
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int F_SETPIPE_SZ = 1031;
  public static final int F_GETPIPE_SZ = 1032;

  /** fcntl(2); its result or {@code -errno}. */
  public static int fcntl(int fd, int command, long argument) {
    int result;
    do {
      result = intResult(INVOKER.invokeN3(C3, FCNTL, fd, command, argument));
    } while (result == -Errno.EINTR);
    return result;
  }

  /** fcntl(2) with a structure; its result or {@code -errno}. */
  public static int fcntl(int fd, int command, NativeBuffer argument) {
    int result = fcntl(fd, command, argument.address());
    Reference.reachabilityFence(argument);
    return result;
  }

  /** ioctl(2); its result or {@code -errno}. */
  public static int ioctl(int fd, long request, long argument) {
    return call("ioctl", fd, request, argument);
  }

  /** ioctl(2) with a structure; its result or {@code -errno}. */
  public static int ioctl(int fd, long request, NativeBuffer argument) {
    return call("ioctl", fd, request, argument);
  }

  /** Bytes that lie ready to be read (FIONREAD); 0 where the descriptor does not tell. */
  public static int readable(int fd) {
    NativeBuffer count = scratch();
    return ioctl(fd, 0x541b, count) < 0 ? 0 : count.getInt(0);
  }

  /** Bytes that a socket's peer has not taken (SIOCOUTQ); 0 where the descriptor does not tell. */
  public static int untaken(int fd) {
    NativeBuffer count = scratch();
    return ioctl(fd, 0x5411, count) < 0 ? 0 : count.getInt(0);
  }

  /** isatty(3). */
  public static boolean isTerminal(int fd) {
    return posix("isatty", fd) == 1;
  }

  /** pipe2(2): read end and write end, close-on-exec; {@code flags} may add O_NONBLOCK. */
  public static Fd[] pipe(int flags) {
    NativeBuffer pair = NativeBuffer.allocate(8);
    check(call("pipe2", pair, flags | OpenFlags.CLOEXEC), "pipe2()");
    return new Fd[] {Fd.owned(pair.getInt(0)), Fd.owned(pair.getInt(4))};
  }

  // --- sockets

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

  /** socket(2), close-on-exec; {@code type} may hold {@link #SOCK_NONBLOCK}. */
  public static Fd socket(int domain, int type, int protocol) {
    int fd = intResult(INVOKER.invokeN3(C3, SOCKET, domain, type | SOCK_CLOEXEC, protocol));
    String call = "socket(" + domain + ", " + (type & ~SOCK_NONBLOCK) + ", " + protocol + ")";
    if (fd == -Errno.EPERM) {
      throw new NativeError(call, Errno.EPERM, () -> "it is for root or needs CAP_NET_RAW");
    }
    check(fd, call);
    return Fd.owned(fd);
  }

  /** socketpair(2), close-on-exec. */
  public static Fd[] socketpair(int domain, int type, int protocol) {
    NativeBuffer pair = NativeBuffer.allocate(8);
    check(
        call("socketpair", domain, type | SOCK_CLOEXEC, protocol, pair),
        "socketpair(" + domain + ", " + type + ", " + protocol + ")");
    return new Fd[] {Fd.owned(pair.getInt(0)), Fd.owned(pair.getInt(4))};
  }

  /** bind(2). */
  public static void bind(int fd, SocketAddressBytes address) {
    NativeBuffer bytes = NativeBuffer.of(address.bytes());
    int result = call("bind", fd, bytes, address.length());
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
    check(call("listen", fd, backlog), "listen(" + fd + ", " + backlog + ")");
  }

  /** connect(2); 0 or {@code -errno}. */
  public static int connect(int fd, SocketAddressBytes address) {
    NativeBuffer scratch = scratch();
    scratch.bytes().put(0, address.bytes());
    int result;
    do {
      result = intResult(INVOKER.invokeN3(C3, CONNECT, fd, scratch.address(), address.length()));
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
      result = intResult(INVOKER.invokeN4(C4, ACCEPT4, fd, at, at + lengthAt, flags));
    } while (result == -Errno.EINTR);
    Reference.reachabilityFence(address);
    return result;
  }

  /** shutdown(2); 0 or {@code -errno}. */
  public static int shutdown(int fd, int how) {
    return intResult(INVOKER.invokeN2(C2, SHUTDOWN, fd, how));
  }

  /** setsockopt(2) with raw bytes; 0 or {@code -errno}. */
  public static int setsockopt(int fd, int level, int name, byte[] value) {
    NativeBuffer scratch =
        value.length <= SCRATCH_SIZE ? scratch() : NativeBuffer.allocate(value.length);
    scratch.bytes().put(0, value);
    int result =
        intResult(
            INVOKER.invokeN5(C5, SETSOCKOPT, fd, level, name, scratch.address(), value.length));
    Reference.reachabilityFence(scratch);
    return result;
  }

  /** getsockopt(2): the bytes that the kernel gave. */
  public static byte[] getsockopt(int fd, int level, int name, int capacity) {
    NativeBuffer value = NativeBuffer.allocate(capacity + 8);
    value.putInt(capacity, capacity);
    check(
        intResult(
            INVOKER.invokeN5(
                C5, GETSOCKOPT, fd, level, name, value.address(), value.address() + capacity)),
        "getsockopt(" + fd + ", " + level + ", " + name + ")");
    return value.toArray(0, value.getInt(capacity));
  }

  /** The pending error of a socket (SO_ERROR), 0 for none. */
  public static int socketError(int fd) {
    NativeBuffer scratch = scratch();
    scratch.putInt(4, 4);
    INVOKER.invokeN5(C5, GETSOCKOPT, fd, 1, 4, scratch.address(), scratch.address() + 4);
    return scratch.getInt(0);
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
    NativeBuffer scratch = scratch();
    scratch.putInt(SocketAddressBytes.CAPACITY, SocketAddressBytes.CAPACITY);
    check(
        intResult(
            INVOKER.invokeN3(
                C3,
                symbol(call),
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
      n = INVOKER.invokeN3(C3, RECVMSG, fd, header.address() + at, flags);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(header);
    return (int) result(n);
  }

  /** recvmmsg(2) that does not wait; messages received or {@code -errno}. */
  static int recvmmsg(int fd, NativeBuffer messages, int count) {
    int flags = PacketAddress.MSG_DONTWAIT;
    int n;
    do {
      n = intResult(INVOKER.invokeN5(C5, RECVMMSG, fd, messages.address(), count, flags, 0));
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
      n = intResult(INVOKER.invokeN4(C4, SENDMMSG, fd, at, count, PacketAddress.MSG_DONTWAIT));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(messages);
    return n;
  }

  /** sendmsg(2) that does not wait; bytes sent or {@code -errno}. */
  static int sendmsg(int fd, NativeBuffer header) {
    long at = header.address();
    int n;
    do {
      n = intResult(INVOKER.invokeN3(C3, SENDMSG, fd, at, PacketAddress.MSG_DONTWAIT));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(header);
    return n;
  }

  /** send(2) without flags, to whom the socket is connected; bytes sent or {@code -errno}. */
  public static int send(int fd, long buffer, int size) {
    long n;
    do {
      n = INVOKER.invokeN6(C6, SENDTO, fd, buffer, size, 0, 0, 0);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    return (int) result(n);
  }

  /** sendto(2) without flags; bytes sent or {@code -errno}. */
  static int sendto(int fd, long buffer, int size, NativeBuffer address, int length) {
    long n;
    do {
      n = INVOKER.invokeN6(C6, SENDTO, fd, buffer, size, 0, address.address(), length);
    } while (n == -1 && LAST_ERROR.get() == Errno.EINTR);
    Reference.reachabilityFence(address);
    return (int) result(n);
  }

  // --- readiness

  public static final int POLLIN = 1;
  public static final int POLLOUT = 4;
  public static final int POLLERR = 8;
  public static final int POLLHUP = 16;
  public static final int POLLNVAL = 32;

  /**
   * poll(2); number of ready entries; timeout in milliseconds, −1 for none. Entries are {@code int
   * fd, short events, short revents}.
   */
  static int poll(NativeBuffer entries, int count, int timeoutMillis) {
    int n;
    do {
      n = intResult(INVOKER.invokeN3(C3, POLL, entries.address(), count, timeoutMillis));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(entries);
    return check(n, "poll()");
  }

  static Fd epollCreate() {
    return Fd.owned(check(call("epoll_create1", OpenFlags.CLOEXEC), "epoll_create1()"));
  }

  static int epollCtl(int epoll, int operation, int fd, @Nullable NativeBuffer event) {
    long at = event == null ? 0 : event.address();
    int result = intResult(INVOKER.invokeN4(C4, EPOLL_CTL, epoll, operation, fd, at));
    Reference.reachabilityFence(event);
    return result;
  }

  static int epollWait(int epoll, NativeBuffer events, int count, int timeoutMillis) {
    long at = events.address();
    int n;
    do {
      n = intResult(INVOKER.invokeN4(C4, EPOLL_WAIT, epoll, at, count, timeoutMillis));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(events);
    return check(n, "epoll_wait()");
  }

  static Fd eventfd() {
    return Fd.owned(check(call("eventfd", 0, OpenFlags.CLOEXEC | OpenFlags.NONBLOCK), "eventfd()"));
  }

  // --- processes

  /**
   * Any system call by number, for those that the C library applies to every thread (setuid and its
   * like); arguments as {@link #posix}, result or {@code -errno}.
   */
  static int syscall(long number, Object a, Object b, Object c) {
    return call("syscall", number, a, b, c);
  }

  /**
   * A function of the C library that returns its error number, as the posix_spawn family does.
   *
   * @param arguments whole numbers, and a buffer or null for each pointer
   */
  static int posix(String function, @Nullable Object... arguments) {
    long address = symbol(function);
    long[] words = new long[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = word(arguments[i]);
    }
    long result =
        switch (words.length) {
          case 0 -> INVOKER.invokeN0(C0, address);
          case 1 -> INVOKER.invokeN1(C1, address, words[0]);
          case 2 -> INVOKER.invokeN2(C2, address, words[0], words[1]);
          case 3 -> INVOKER.invokeN3(C3, address, words[0], words[1], words[2]);
          case 4 -> INVOKER.invokeN4(C4, address, words[0], words[1], words[2], words[3]);
          case 5 -> INVOKER.invokeN5(C5, address, words[0], words[1], words[2], words[3], words[4]);
          case 6 ->
              INVOKER.invokeN6(
                  C6, address, words[0], words[1], words[2], words[3], words[4], words[5]);
          default -> invoke(address, words);
        };
    Reference.reachabilityFence(arguments);
    return (int) result;
  }

  /** The way for many arguments; slower. */
  private static long invoke(long address, long[] words) {
    CallContext context = CONTEXTS[words.length];
    HeapInvocationBuffer arguments = new HeapInvocationBuffer(context);
    for (long word : words) {
      arguments.putLong(word);
    }
    return INVOKER.invokeLong(context, address, arguments);
  }

  private static long word(@Nullable Object argument) {
    if (argument instanceof NativeBuffer buffer) {
      return buffer.address();
    }
    return argument == null ? 0 : ((Number) argument).longValue();
  }

  /** The text that a function of the C library gives for a number, in English. */
  static String pointerText(String function, long argument) {
    long before = INVOKER.invokeN1(C1, symbol("uselocale"), English.LOCALE);
    try {
      return cString(INVOKER.invokeN1(C1, symbol(function), argument));
    } finally {
      INVOKER.invokeN1(C1, symbol("uselocale"), before);
    }
  }

  /** Messages in English, whatever the user speaks: scripts look for them. See newlocale(3). */
  private static final class English {
    private static final int LC_MESSAGES_MASK = 1 << 5;
    private static final NativeBuffer NAME = NativeBuffer.ofCString("C");
    static final long LOCALE =
        INVOKER.invokeN3(C3, symbol("newlocale"), LC_MESSAGES_MASK, NAME.address(), 0);
  }

  /** A function of the C library without arguments that returns an address. */
  static long pointer(String function) {
    return INVOKER.invokeN0(C0, symbol(function));
  }

  /** A function of the C library that sets errno; its result or {@code -errno}. */
  static int call(String function, @Nullable Object... arguments) {
    return intResult(posix(function, arguments));
  }

  /**
   * Ends the process now: no clean-up, no waiting for threads that are in native calls, for which
   * the JVM's own exit takes 300 ms. See _exit(2).
   */
  public static void exit(int status) {
    INVOKER.invokeN1(C1, symbol("_exit"), status);
  }

  /** setsid(2); the session's number or {@code -errno}. */
  public static int setsid() {
    return call("setsid", 0);
  }

  /** kill(2); 0 or {@code -errno}. */
  public static int kill(int pid, int signal) {
    return call("kill", pid, signal);
  }

  /** What {@link #reap} gives for a child that the system has reaped itself, or somebody else. */
  static final int REAPED_BEFORE = -2;

  /**
   * waitpid(2) without waiting; the raw status, −1 while the child lives, or {@link
   * #REAPED_BEFORE}, as for every child while SIGCHLD is ignored.
   */
  public static int reap(int pid) {
    NativeBuffer status = NativeBuffer.allocate(4);
    int got = call("waitpid", pid, status, 1 /* WNOHANG */);
    return got == pid ? status.getInt(0) : got == -Errno.ECHILD ? REAPED_BEFORE : -1;
  }

  /** Waits until a child has ended, and leaves it to be reaped: waitid(2) with WNOWAIT. */
  static void awaitEnd(int pid) {
    NativeBuffer ignored = NativeBuffer.allocate(128);
    int result;
    do {
      result = call("waitid", 1 /* P_PID */, pid, ignored, 4 | 0x01000000 /* WEXITED | WNOWAIT */);
    } while (result == -Errno.EINTR);
  }

  /**
   * Waits until any child has ended, and leaves it to be reaped; null when there is no child. See
   * waitid(2), WNOWAIT.
   */
  static @Nullable Integer endedChild() {
    NativeBuffer info = NativeBuffer.allocate(128);
    int result = call("waitid", 0 /* P_ALL */, 0, info, 4 | 0x01000000 /* WEXITED | WNOWAIT */);
    return result < 0 ? null : Integer.valueOf(info.getInt(SI_PID));
  }

  /** Where struct siginfo of a child has its process id, on machines of 64 bits. */
  private static final int SI_PID = 16;

  /** dup3(2), close-on-exec. Returns less than 0 when it fails. */
  static int replace(int from, int to) {
    return call("dup3", from, to, OpenFlags.CLOEXEC);
  }

  /** dup2(2). */
  static void duplicate(int from, int to) {
    check(call("dup2", from, to), "dup2(" + from + ", " + to + ")");
  }

  /** sched_getcpu(3); the number of a processor or {@code -errno}. */
  static int currentCpu() {
    return intResult(INVOKER.invokeN0(C0, SCHED_GETCPU));
  }

  /** getpid(2). */
  public static int getpid() {
    return posix("getpid");
  }

  /** getppid(2). */
  public static int getppid() {
    return posix("getppid");
  }

  /** The limit of open descriptors, soft. */
  public static int descriptorLimit() {
    NativeBuffer limit = NativeBuffer.allocate(16);
    check(call("getrlimit", 7 /* RLIMIT_NOFILE */, limit), "getrlimit()");
    return (int) Math.min(Integer.MAX_VALUE, Math.max(0, limit.getLong(0)));
  }

  /** sigaction(2); either structure may be null. */
  static void sigaction(
      int signal, @Nullable NativeBuffer action, @Nullable NativeBuffer previous) {
    check(call("sigaction", signal, action, previous), "sigaction(" + signal + ")");
  }

  /** The address of a signal's handler; 0 for the default action, 1 when it is ignored. */
  static long signalHandler(int signal) {
    NativeBuffer action = NativeBuffer.allocate(NativeSignals.SIGACTION_SIZE);
    sigaction(signal, null, action);
    return action.getLong(0);
  }

  /** Whether a signal is ignored. */
  public static boolean isSignalIgnored(int signal) {
    return signalHandler(signal) == 1;
  }

  /** mmap(2) of private memory, for reading and writing. */
  static long mapAnonymous(int size) {
    return result(INVOKER.invokeN6(C6, symbol("mmap"), 0, size, 1 | 2, 0x02 | 0x20, -1, 0));
  }

  /** mprotect(2): memory for reading and executing from now on. */
  static void makeExecutable(long address, int size) {
    check(call("mprotect", address, size, 1 | 4), "mprotect(0x" + Long.toHexString(address) + ")");
  }

  /**
   * Gives a signal its default action back, or has it ignored: sigaction(2) with SIG_DFL or
   * SIG_IGN.
   */
  public static void resetSignal(int signal, boolean ignore) {
    posix("signal", signal, ignore ? 1 : 0);
  }

  static String strerror(int errno) {
    return pointerText("strerror", errno);
  }

  /** The C string at {@code address}. */
  static String cString(long address) {
    return new String(
        MemoryIO.getInstance().getZeroTerminatedByteArray(address), StandardCharsets.ISO_8859_1);
  }

  private static final int SCRATCH_SIZE = 512;
  private static final ThreadLocal<NativeBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> NativeBuffer.allocate(SCRATCH_SIZE));

  /** A small buffer of the calling thread, for arguments that live for one call. */
  static NativeBuffer scratch() {
    return SCRATCH.get();
  }
}
