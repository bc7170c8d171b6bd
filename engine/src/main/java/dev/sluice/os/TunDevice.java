package dev.sluice.os;

/** Network interfaces whose other end is a descriptor. See the kernel's tuntap.rst. */
public final class TunDevice {
  public static final int TUN = 1;
  public static final int TAP = 2;
  public static final int NO_PACKET_INFORMATION = 0x1000;

  private static final long TUNSETIFF = 0x400454caL;
  private static final int FLAGS = 16;

  private TunDevice() {}

  /**
   * Makes an interface behind an open tun device.
   *
   * @param name of the interface, where {@code %d} is a free number; empty leaves it to the kernel
   * @param flags {@link #TUN} or {@link #TAP}, and more
   * @return the interface's name
   */
  public static String attach(Fd device, String name, int flags) {
    NativeBuffer request = NetworkInterface.request(name).putShort(FLAGS, flags);
    int result = LibC.ioctl(device.number(), TUNSETIFF, request);
    String call = "ioctl(" + device + ", TUNSETIFF, {\"" + name + "\"}";
    if (result == -Errno.EPERM) {
      throw new NativeError(call, Errno.EPERM, () -> "it is for root or needs CAP_NET_ADMIN");
    }
    LibC.check(result, call);
    return request.getCString();
  }
}
