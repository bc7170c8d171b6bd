package dev.sluice.os;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Error numbers of Linux that the relay acts upon, and the C library's texts for all of them. See
 * errno(3).
 */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int EACCES = 13;
  public static final int EFAULT = 14;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOSPC = 28;
  public static final int EPIPE = 32;
  public static final int ENOSYS = 38;
  public static final int ENOTSOCK = 88;
  public static final int EMSGSIZE = 90;
  public static final int EPROTOTYPE = 91;
  public static final int EOPNOTSUPP = 95;
  public static final int EADDRINUSE = 98;
  public static final int ENETUNREACH = 101;
  public static final int ECONNABORTED = 103;
  public static final int ECONNRESET = 104;
  public static final int ENOTCONN = 107;
  public static final int ETIMEDOUT = 110;
  public static final int ECONNREFUSED = 111;
  public static final int EHOSTUNREACH = 113;
  public static final int EINPROGRESS = 115;

  private static final Map<Integer, String> TEXTS = new ConcurrentHashMap<>();

  private Errno() {}

  /** The text that strerror(3) gives for an error number. */
  public static String text(int errno) {
    return TEXTS.computeIfAbsent(errno, NativeCalls::strerror);
  }

  /** Whether the process or the system has no descriptor left. */
  public static boolean isDescriptorLimit(int errno) {
    return errno == EMFILE || errno == ENFILE;
  }

  /** Whether the peer is gone: writing is pointless from here on. */
  public static boolean isPeerGone(int errno) {
    return errno == EPIPE || errno == ECONNRESET;
  }
}
