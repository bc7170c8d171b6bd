package dev.sluice.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Network interfaces as the kernel numbers them, in the network namespace of the calling thread.
 * See netdevice(7).
 */
public final class NetworkInterfaces {
  private static final long SIOCGIFNAME = 0x8910;
  private static final long SIOCGIFCONF = 0x8912;
  private static final int MOST_INTERFACES = 256;

  private NetworkInterfaces() {}

  /**
   * The index of the interface of that name, or the number that {@code nameOrIndex} is; 0 when
   * there is no such interface.
   */
  public static int index(String nameOrIndex) {
    try {
      return Integer.decode(nameOrIndex);
    } catch (NumberFormatException e) {
      NativeBuffer name = NativeBuffer.ofCString(nameOrIndex);
      return NativeCalls.posix("if_nametoindex", name);
    }
  }

  /** The name of the interface of that index; empty when there is none. */
  public static String name(int index) {
    NativeBuffer name = NativeBuffer.allocate(16);
    NativeCalls.posix("if_indextoname", index, name);
    return name.getCString();
  }

  /** The names of all, as far as /proc tells. See proc_pid_net(5). */
  public static List<String> names() {
    try {
      return Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
          .filter(line -> line.contains(":"))
          .map(line -> line.substring(0, line.indexOf(':')).strip())
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** The name of an interface in the network namespace of a socket; empty when there is none. */
  public static String name(Fd socket, int index) {
    NativeBuffer request = NetworkInterface.request("").putInt(16, index);
    int result = LibC.ioctl(socket.number(), SIOCGIFNAME, request);
    return result < 0 ? "" : request.getCString();
  }

  /** Those that have an IPv4 address, by index. */
  public static SortedMap<Integer, String> withAddress() {
    NativeBuffer list = NativeBuffer.allocate(MOST_INTERFACES * NetworkInterface.REQUEST_SIZE);
    NativeBuffer request = NativeBuffer.allocate(2 * Long.BYTES);
    request.putInt(0, MOST_INTERFACES * NetworkInterface.REQUEST_SIZE);
    request.putLong(Long.BYTES, list.address());
    try (Fd control = SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM, 0)) {
      LibC.check(LibC.ioctl(control.number(), SIOCGIFCONF, request), "ioctl(SIOCGIFCONF)");
    }
    SortedMap<Integer, String> found = new TreeMap<>();
    for (int at = 0; at < request.getInt(0); at += NetworkInterface.REQUEST_SIZE) {
      String name = NativeBuffer.of(list.toArray(at, NetworkInterface.NAME_SIZE)).getCString();
      found.put(index(name), name);
    }
    return found;
  }
}
