package dev.sluice.os;

import java.util.Arrays;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The descriptors above 2 that the process was started with, as opposed to those that the JVM
 * opened for itself: the former may be used and passed on, the latter must be left alone.
 *
 * <p>The launcher names them in the system property {@code sluice.inherited}, separated by commas.
 * Without it a descriptor counts as inherited when it is not close-on-exec, which nothing inherited
 * can be at start.
 */
public final class InheritedDescriptors {
  private static final String PROPERTY = "sluice.inherited";

  /** Found to be inherited before they were made close-on-exec, and what they were. */
  private static final Map<Integer, FileStatus> FOUND = new ConcurrentHashMap<>();

  /** Those that stay open as long as the process lives. */
  private static final Set<Integer> KEPT = ConcurrentHashMap.newKeySet();

  private InheritedDescriptors() {}

  /**
   * Has a descriptor stay open whatever becomes of those that use it: they get copies. It does not
   * block until the process ends, since one of them would make it block for the others.
   */
  public static void keep(int fd) {
    Fd.borrowed(fd).makeNonBlocking();
    KEPT.add(fd);
  }

  /** The descriptor for somebody who closes it: itself, or a copy of one that is kept. */
  public static Fd forOwner(Fd fd) {
    if (KEPT.contains(fd.number())) {
      return fd.duplicate();
    }
    fd.takeOver();
    return fd;
  }

  /** Whether the process was started with this descriptor, and it still is what it was then. */
  public static boolean contains(int fd) {
    int flags = LibC.fcntl(fd, LibC.F_GETFD, 0);
    if (flags < 0) {
      return fd <= 2 && !FOUND.containsKey(fd);
    }
    FileStatus now = FileCalls.fstat(fd);
    FileStatus before = FOUND.get(fd);
    if (before != null && now.isSameFile(before)) {
      return true;
    }
    String named = System.getProperty(PROPERTY);
    if (before != null && (fd <= 2 || named != null)) {
      return false; // the number is another file's by now
    }
    boolean inherited = fd <= 2 || (named == null ? (flags & 1) == 0 : parse(named).contains(fd));
    if (inherited) {
      FOUND.put(fd, now);
    }
    return inherited;
  }

  /** Those that the launcher named, in order. */
  static NavigableSet<Integer> named() {
    return parse(System.getProperty(PROPERTY, ""));
  }

  private static NavigableSet<Integer> parse(String list) {
    return Arrays.stream(list.split(","))
        .filter(text -> !text.isBlank())
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
