package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.UnixOptions;
import dev.sluice.os.SocketAddressBytes;

/** Names of UNIX sockets: paths and abstract names as socket addresses, and their removal. */
public final class UnixNames {
  private UnixNames() {}

  /**
   * The socket address of a name; one that is too long is cut, with a warning. The NUL byte before
   * an abstract name counts.
   */
  public static SocketAddressBytes address(OpenContext context, String name, boolean isAbstract) {
    return address(name, isAbstract, context.options(), context.log());
  }

  private static SocketAddressBytes address(
      String name, boolean isAbstract, Options options, RelayLog log) {
    String used = name;
    int nul = isAbstract ? 1 : 0;
    if (nul + name.length() > SocketAddressBytes.UNIX_PATH_CAPACITY) {
      log.warning(
          "unix socket address "
              + (nul + name.length())
              + " characters long, truncating to "
              + SocketAddressBytes.UNIX_PATH_CAPACITY);
      used = name.substring(0, SocketAddressBytes.UNIX_PATH_CAPACITY - nul);
    }
    return SocketAddressBytes.ofUnix(
        used, isAbstract, options.get(UnixOptions.UNIX_TIGHTSOCKLEN, true));
  }

  /** The path of a name: as much of it as a socket address has room for. */
  static String path(String name) {
    return name.substring(0, Math.min(name.length(), SocketAddressBytes.UNIX_PATH_CAPACITY));
  }

  /** Refuses option {@code bind} where the address itself is what the socket is bound to. */
  static void refuseBind(OpenContext context) {
    if (context.options().has(SocketOptions.BIND)) {
      throw OpenFailure.lasting(
          context.address().spec().head() + ": binds implicitly, bind option not allowed");
    }
  }
}
