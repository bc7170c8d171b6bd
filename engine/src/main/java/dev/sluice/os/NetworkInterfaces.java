package dev.sluice.os;

/**
 * Network interfaces as the kernel numbers them, in the network namespace of the calling thread.
 * See netdevice(7).
 */
public final class NetworkInterfaces {
  private static final long SIOCGIFNAME = 0x8910;

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
      int index = LibC.posix("if_nametoindex", name.address());
      java.lang.ref.Reference.reachabilityFence(name);
      return index;
    }
  }

  /** The name of the interface of that index; empty when there is none. */
  public static String name(int index) {
    NativeBuffer name = NativeBuffer.allocate(16);
    LibC.posix("if_indextoname", index, name.address());
    java.lang.ref.Reference.reachabilityFence(name);
    return name.getCString();
  }

  /** The name of an interface in the network namespace of a socket; empty when there is none. */
  public static String name(Fd socket, int index) {
    NativeBuffer request = NetworkInterface.request("").putInt(16, index);
    int result = LibC.ioctl(socket.number(), SIOCGIFNAME, request.address());
    java.lang.ref.Reference.reachabilityFence(request);
    return result < 0 ? "" : request.getCString();
  }
}
