package dev.sluice.os;

/**
 * Network interfaces as the kernel numbers them, in the network namespace of the calling thread.
 * See netdevice(7).
 */
public final class NetworkInterfaces {
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
}
