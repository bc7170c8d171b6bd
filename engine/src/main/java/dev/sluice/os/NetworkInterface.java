package dev.sluice.os;

/**
 * A network interface by its name, in the network namespace of the thread that opened it. See
 * netdevice(7).
 */
public final class NetworkInterface implements AutoCloseable {
  static final int NAME_SIZE = 16;
  static final int REQUEST_SIZE = 40;
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final long SIOCSIFADDR = 0x8916;
  private static final long SIOCSIFNETMASK = 0x891c;
  private static final long SIOCSIFMTU = 0x8922;

  private final String name;
  private final Fd control;

  private NetworkInterface(String name, Fd control) {
    this.name = name;
    this.control = control;
  }

  /** Opens a way to speak of the interface. */
  public static NetworkInterface named(String name) {
    return new NetworkInterface(
        name, SocketCalls.socket(SocketAddressBytes.AF_INET, SocketCalls.SOCK_DGRAM, 0));
  }

  /** A request with the name in it: struct ifreq. */
  static NativeBuffer request(String name) {
    NativeBuffer request = NativeBuffer.allocate(REQUEST_SIZE);
    byte[] text = NativeBuffer.bytesForC(name);
    request.bytes().put(0, text, 0, Math.min(text.length, NAME_SIZE - 1));
    return request;
  }

  private void call(long number, String shown, NativeBuffer request) {
    int result = LibC.ioctl(control.number(), number, request);
    LibC.check(result, "ioctl(" + control + ", " + shown + ", {\"" + name + "\"})");
  }

  /** Its flags. */
  public int flags() {
    NativeBuffer request = request(name);
    call(SIOCGIFFLAGS, "SIOCGIFFLAGS", request);
    return request.bytes().getShort(NAME_SIZE) & 0xffff;
  }

  /** Sets all its flags. */
  public void setFlags(int flags) {
    call(SIOCSIFFLAGS, "SIOCSIFFLAGS", request(name).putShort(NAME_SIZE, flags));
  }

  /** Sets its IPv4 address. */
  public void setAddress(SocketAddressBytes address) {
    call(SIOCSIFADDR, "SIOCSIFADDR", with(address));
  }

  /** Sets the network mask of its IPv4 address. */
  public void setNetmask(SocketAddressBytes mask) {
    call(SIOCSIFNETMASK, "SIOCSIFNETMASK", with(mask));
  }

  private NativeBuffer with(SocketAddressBytes address) {
    NativeBuffer request = request(name);
    request.bytes().put(NAME_SIZE, address.bytes());
    return request;
  }

  /** Sets the largest packet in bytes. */
  public void setMtu(int bytes) {
    call(SIOCSIFMTU, "SIOCSIFMTU", request(name).putInt(NAME_SIZE, bytes));
  }

  @Override
  public void close() {
    control.close();
  }
}
