package dev.sluice.os;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * User and groups of the whole process. The C library's functions change every thread, see nptl(7);
 * {@link ScopedThread} changes one.
 */
public final class ProcessRights {
  /** Supplementary groups that all threads have been given for good. */
  private static volatile int @Nullable [] given;

  private ProcessRights() {}

  /** setgroups(2) for all threads. */
  public static void setGroups(int[] gids) {
    LibC.check(
        NativeCalls.call("setgroups", gids.length, ScopedThread.list(gids)),
        "setgroups(" + gids.length + ")");
    given = gids.clone();
  }

  /** setgid(2) for all threads. */
  public static void setGroup(int gid) {
    LibC.check(NativeCalls.call("setgid", gid), "setgid(" + gid + ")");
  }

  /** setuid(2) for all threads; call it last. */
  public static void setUser(int uid) {
    LibC.check(NativeCalls.call("setuid", uid), "setuid(" + uid + ")");
  }

  /** geteuid(2). */
  public static int user() {
    return NativeCalls.posix("geteuid");
  }

  /** Whether all threads have these supplementary groups already. */
  static boolean hasGroups(int[] gids) {
    return Arrays.equals(gids, given);
  }
}
