package dev.sluice.os;

import java.util.Arrays;
import jnr.posix.Group;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.Passwd;
import org.jspecify.annotations.Nullable;

/**
 * Users and groups of the system, by name or number (getpwnam(3), getgrnam(3)).
 *
 * <p>Numbers stand for themselves and need no look-up; names load jnr-posix, and may block, as the
 * system's sources can be remote. Thread-safe. What does not exist is reported by {@link Unknown}.
 */
public final class Accounts {
  private static final int GROUP_LIMIT = 65536;

  private Accounts() {}

  /** A user or group that the system does not know; the message is what the user reads. */
  public static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unknown(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * What the system knows of a user.
   *
   * @param name login name
   * @param uid user number
   * @param gid number of the primary group
   * @param home home directory
   * @param shell login shell
   */
  public record User(String name, int uid, int gid, String home, String shell) {}

  private static final long HIGHEST = 0xffff_ffffL;

  /** Loaded with the first name that is looked up. */
  private static final class Library {
    private static final POSIX CALLS = POSIXFactory.getNativePOSIX();
  }

  /** The number of the user, itself or by name. */
  public static int uid(String nameOrNumber) {
    Integer number = number(nameOrNumber);
    return number != null ? number : byName(nameOrNumber).uid();
  }

  /** The number of the group, itself or by name. */
  public static int gid(String nameOrNumber) {
    Integer number = number(nameOrNumber);
    if (number != null) {
      return number;
    }
    return ScopedThread.outside(() -> groupByName(nameOrNumber));
  }

  private static synchronized int groupByName(String name) {
    Group group = Library.CALLS.getgrnam(name);
    if (group == null) {
      throw new Unknown("getgrnam(\"" + name + "\"): no such group");
    }
    return (int) group.getGID();
  }

  /** All that is known of the user, given by name or number. */
  public static User user(String nameOrNumber) {
    Integer number = number(nameOrNumber);
    if (number == null) {
      return byName(nameOrNumber);
    }
    return ScopedThread.outside(() -> byNumber(number));
  }

  private static synchronized User byNumber(int uid) {
    Passwd entry = Library.CALLS.getpwuid(uid);
    if (entry == null) {
      throw new Unknown("getpwuid(" + Integer.toUnsignedString(uid) + "): no such user");
    }
    return copy(entry);
  }

  /** All groups of the user, the primary one included, as getgrouplist(3) tells them. */
  public static int[] groups(User user) {
    return ScopedThread.outside(() -> groupList(user));
  }

  private static int[] groupList(User user) {
    NativeBuffer name = NativeBuffer.ofCString(user.name());
    NativeBuffer count = NativeBuffer.allocate(4);
    for (int room = 64; room <= GROUP_LIMIT; room *= 4) {
      NativeBuffer list = NativeBuffer.allocate(room * 4);
      count.putInt(0, room);
      int found = NativeCalls.posix("getgrouplist", name, user.gid(), list, count);
      if (found >= 0) {
        int[] groups = new int[count.getInt(0)];
        Arrays.setAll(groups, i -> list.getInt(i * 4));
        return groups;
      }
    }
    throw new Unknown("getgrouplist(\"" + user.name() + "\"): too many groups");
  }

  private static User byName(String name) {
    return ScopedThread.outside(() -> entry(name));
  }

  private static synchronized User entry(String name) {
    Passwd entry = Library.CALLS.getpwnam(name);
    if (entry == null) {
      throw new Unknown("getpwnam(\"" + name + "\"): no such user");
    }
    return copy(entry);
  }

  private static User copy(Passwd entry) {
    return new User(
        entry.getLoginName(),
        (int) entry.getUID(),
        (int) entry.getGID(),
        entry.getHome(),
        entry.getShell());
  }

  /**
   * The number that {@code text} is, in decimal, octal or hexadecimal; null when it is a name. One
   * that is no user or group number is {@link Unknown}, not another's after it was cut.
   */
  private static @Nullable Integer number(String text) {
    try {
      long number = Long.decode(text);
      if (number < 0 || number > HIGHEST) {
        throw new Unknown("\"" + text + "\" is no number of a user or group");
      }
      return (int) number;
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
