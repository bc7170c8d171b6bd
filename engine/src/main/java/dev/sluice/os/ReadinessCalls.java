package dev.sluice.os;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/** Waiting for descriptors: poll(2), epoll(7), eventfd(2). */
final class ReadinessCalls {
  private static final long POLL = NativeCalls.symbol("poll");
  private static final long EPOLL_CTL = NativeCalls.symbol("epoll_ctl");
  private static final long EPOLL_WAIT = NativeCalls.symbol("epoll_wait");
  public static final int POLLIN = 1;
  public static final int POLLOUT = 4;
  public static final int POLLERR = 8;
  public static final int POLLHUP = 16;
  public static final int POLLNVAL = 32;

  private ReadinessCalls() {}

  /** Looks the functions up. */
  static void load() {}

  /**
   * poll(2); number of ready entries; timeout in milliseconds, −1 for none. Entries are {@code int
   * fd, short events, short revents}.
   */
  static int poll(NativeBuffer entries, int count, int timeoutMillis) {
    int n;
    do {
      n =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN3(
                  NativeCalls.C3, POLL, entries.address(), count, timeoutMillis));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(entries);
    return LibC.check(n, "poll()");
  }

  static Fd epollCreate() {
    return Fd.owned(
        LibC.check(NativeCalls.call("epoll_create1", OpenFlags.CLOEXEC), "epoll_create1()"));
  }

  static int epollCtl(int epoll, int operation, int fd, @Nullable NativeBuffer event) {
    long at = event == null ? 0 : event.address();
    int result =
        NativeCalls.intResult(
            NativeCalls.INVOKER.invokeN4(NativeCalls.C4, EPOLL_CTL, epoll, operation, fd, at));
    Reference.reachabilityFence(event);
    return result;
  }

  static int epollWait(int epoll, NativeBuffer events, int count, int timeoutMillis) {
    long at = events.address();
    int n;
    do {
      n =
          NativeCalls.intResult(
              NativeCalls.INVOKER.invokeN4(
                  NativeCalls.C4, EPOLL_WAIT, epoll, at, count, timeoutMillis));
    } while (n == -Errno.EINTR);
    Reference.reachabilityFence(events);
    return LibC.check(n, "epoll_wait()");
  }

  static Fd eventfd() {
    return Fd.owned(
        LibC.check(
            NativeCalls.call("eventfd", 0, OpenFlags.CLOEXEC | OpenFlags.NONBLOCK), "eventfd()"));
  }
}
