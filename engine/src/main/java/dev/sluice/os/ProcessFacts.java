package dev.sluice.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the process is in, as the kernel tells it. See getpid(2), credentials(7), getrlimit(2). */
public final class ProcessFacts {
  private static final long GET_LOCAL_CID = 0x7b9;

  /** Places in /proc/PID/stat, counted from the state. */
  private static final int GROUP_FIELD = 2;

  private static final int SESSION_FIELD = 3;
  private static final int TERMINAL_FIELD = 4;

  private ProcessFacts() {}

  /** A number that a call without arguments gives, such as getpid(2). */
  public static int id(String call) {
    return NativeCalls.posix(call);
  }

  /** The session, see getsid(2). */
  public static int session() {
    return NativeCalls.posix("getsid", 0);
  }

  /** The group in the foreground of the terminal behind a descriptor; −1 when it is none. */
  public static int foregroundGroup(int fd) {
    return NativeCalls.posix("tcgetpgrp", fd);
  }

  /**
   * Whether a new process of ours may join a process group: it must be one of our session. See
   * setpgid(2).
   */
  public static boolean mayJoin(int group) {
    String session = String.valueOf(session());
    String[] names = new java.io.File("/proc").list();
    return names != null
        && Arrays.stream(names)
            .filter(name -> Character.isDigit(name.charAt(0)))
            .anyMatch(name -> isOf(name, String.valueOf(group), session));
  }

  private static boolean isOf(String process, String group, String session) {
    try {
      List<String> fields = statistics(process);
      return fields.get(GROUP_FIELD).equals(group) && fields.get(SESSION_FIELD).equals(session);
    } catch (IOException e) {
      return false; // it has ended meanwhile
    }
  }

  /** What /proc/PID/stat has behind the name, which may hold anything. */
  private static List<String> statistics(String process) throws IOException {
    String all = Files.readString(Path.of("/proc", process, "stat"), StandardCharsets.ISO_8859_1);
    return List.of(all.substring(all.lastIndexOf(')') + 2).split(" ", -1));
  }

  /** Real, effective and saved user. */
  public static int[] users() {
    return three("getresuid");
  }

  /** Real, effective and saved group. */
  public static int[] groups() {
    return three("getresgid");
  }

  private static int[] three(String call) {
    NativeBuffer ids = NativeBuffer.allocate(12);
    NativeCalls.posix(call, ids, ids.address() + 4, ids.address() + 8);
    return new int[] {ids.getInt(0), ids.getInt(4), ids.getInt(8)};
  }

  /** The file mode mask, which can only be read by setting it. */
  public static int umask() {
    int mask = ProcessCalls.umask(077);
    ProcessCalls.umask(mask);
    return mask;
  }

  /** Current and largest value of a resource limit; all bits set mean none. */
  public static long[] limit(int resource) {
    NativeBuffer limit = NativeBuffer.allocate(16);
    NativeCalls.posix("getrlimit", resource, limit);
    return new long[] {limit.getLong(0), limit.getLong(8)};
  }

  /** Where a symbolic link leads; empty when there is none. */
  public static String link(String path) {
    return FileCalls.readlink(path);
  }

  /** Whether there is a controlling terminal. */
  public static boolean hasControllingTerminal() {
    try {
      FileCalls.open("/dev/tty", OpenFlags.RDWR | OpenFlags.NOCTTY, 0).close();
      return true;
    } catch (NativeError e) {
      return false;
    }
  }

  /** The controlling terminal by its own path, in quotes, or {@code (none)}. */
  public static String controllingTerminal() {
    try {
      int device = Integer.parseInt(statistics("self").get(TERMINAL_FIELD));
      int minor = (device & 0xff) | ((device >>> 12) & 0xfff00);
      int major = (device >>> 8) & 0xfff;
      boolean isPseudoTerminal = major >= 136 && major <= 143;
      return device == 0
          ? "(none)"
          : isPseudoTerminal
              ? "\"/dev/pts/" + ((major - 136) * 256 + minor) + "\""
              : "\"/dev/tty" + minor + "\"";
    } catch (IOException e) {
      return "(none)";
    }
  }

  /** The machine's address for sockets between virtual machines, if it has one. See vsock(7). */
  public static Optional<String> vsockAddress() {
    NativeBuffer cid = NativeBuffer.allocate(4);
    try (Fd device = FileCalls.open("/dev/vsock", OpenFlags.RDONLY, 0)) {
      return LibC.ioctl(device.number(), GET_LOCAL_CID, cid) < 0
          ? Optional.empty()
          : Optional.of(Integer.toUnsignedString(cid.getInt(0)));
    } catch (NativeError e) {
      return Optional.empty();
    }
  }
}
