package dev.sluice.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * User and groups of the whole process. The C library's functions change every thread, see nptl(7);
 * {@link ScopedThread} changes one. They abort the process when the change succeeds in one thread
 * and fails in another: {@link #awaitEqualThreads} goes first.
 */
public final class ProcessRights {
  /** Supplementary groups that all threads have been given for good. */
  private static volatile int @Nullable [] given;

  private static final Path THREADS = Path.of("/proc/self/task");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long PAUSE = 1_000_000; // nanoseconds
  private static final List<String> IDENTITY = List.of("Uid:", "Gid:", "Groups:", "CapEff:");

  private ProcessRights() {}

  /**
   * Waits until all threads have the same user, groups and capabilities. A thread that had others
   * to open an address is there for a moment after it has done so.
   *
   * @throws NativeError EAGAIN if a thread keeps others, ENOENT if /proc is not there
   */
  public static void awaitEqualThreads() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!areThreadsEqual()) {
      if (System.nanoTime() - end > 0) {
        throw new NativeError("a thread has other rights than the process", Errno.EAGAIN);
      }
      LockSupport.parkNanos(PAUSE);
    }
  }

  private static boolean areThreadsEqual() {
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
      List<String> first = null;
      for (Path thread : threads) {
        List<String> identity = identity(thread);
        if (first == null && !identity.isEmpty()) {
          first = identity;
        } else if (!identity.isEmpty() && !identity.equals(first)) {
          return false;
        }
      }
      return true;
    } catch (IOException | DirectoryIteratorException e) {
      throw new NativeError("open(" + THREADS + ")", Errno.ENOENT);
    }
  }

  /** Nothing for a thread that has ended meanwhile. */
  private static List<String> identity(Path thread) {
    try {
      return Files.readAllLines(thread.resolve("status"), StandardCharsets.ISO_8859_1).stream()
          .filter(line -> IDENTITY.stream().anyMatch(line::startsWith))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

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
