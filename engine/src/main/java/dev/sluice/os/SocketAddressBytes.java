package dev.sluice.os;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A socket address as the kernel sees it: family in host order, then what the family asks for.
 *
 * <p>Its text is the one of log lines: {@code AF=2 127.0.0.1:80}, {@code AF=10 [0000:…:0001]:80}
 * (always eight groups of four digits), {@code AF=1 "/path"}, {@code AF=1 "\0name"} for an abstract
 * name, {@code AF=1 "<anon>"} for none. See socket(7), ip(7), ipv6(7), unix(7).
 */
public final class SocketAddressBytes {
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_INET6 = 10;
  public static final int AF_PACKET = 17;
  public static final int AF_VSOCK = 40;

  private static final short ETH_P_ALL = 3;

  /** Bytes in struct sockaddr_storage. */
  static final int CAPACITY = 128;

  /** Bytes for a path in struct sockaddr_un. */
  public static final int UNIX_PATH_CAPACITY = 108;

  private final byte[] bytes;

  private SocketAddressBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  public static SocketAddressBytes ofBytes(byte[] bytes) {
    return new SocketAddressBytes(bytes.clone());
  }

  static SocketAddressBytes read(NativeBuffer buffer, int length) {
    return new SocketAddressBytes(buffer.toArray(0, Math.min(length, CAPACITY)));
  }

  /** An IPv4 or IPv6 address with a port. */
  public static SocketAddressBytes of(InetAddress host, int port) {
    if (host instanceof Inet6Address six) {
      ByteBuffer b = ByteBuffer.allocate(28).order(ByteOrder.nativeOrder());
      b.putShort(0, (short) AF_INET6);
      b.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port);
      b.put(8, host.getAddress());
      b.order(ByteOrder.nativeOrder()).putInt(24, six.getScopeId());
      return new SocketAddressBytes(b.array());
    }
    ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    b.putShort(0, (short) AF_INET);
    b.order(ByteOrder.BIG_ENDIAN).putShort(2, (short) port);
    b.put(4, host.getAddress());
    return new SocketAddressBytes(b.array());
  }

  /**
   * A path or, when {@code isAbstract}, a name of the abstract namespace, which may hold NUL bytes.
   *
   * @param tight whether the length stops with the name, or covers the whole structure
   */
  public static SocketAddressBytes ofUnix(String name, boolean isAbstract, boolean tight) {
    byte[] path =
        isAbstract ? name.getBytes(StandardCharsets.ISO_8859_1) : NativeBuffer.bytesForC(name);
    int start = isAbstract ? 3 : 2;
    int length = tight ? start + path.length : 2 + UNIX_PATH_CAPACITY;
    ByteBuffer b = ByteBuffer.allocate(Math.max(length, start)).order(ByteOrder.nativeOrder());
    b.putShort(0, (short) AF_UNIX);
    b.position(start).put(path, 0, Math.min(path.length, b.remaining()));
    return new SocketAddressBytes(b.array());
  }

  /** Family and what follows it, as the user gives it. */
  public static SocketAddressBytes ofData(int family, byte[] data) {
    ByteBuffer b = ByteBuffer.allocate(2 + data.length).order(ByteOrder.nativeOrder());
    return new SocketAddressBytes(b.putShort((short) family).put(data).array());
  }

  /** A port of a virtual machine: struct sockaddr_vm. See vsock(7). */
  public static SocketAddressBytes ofVsock(int cid, int port) {
    ByteBuffer b = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
    return new SocketAddressBytes(
        b.putShort(0, (short) AF_VSOCK).putInt(4, port).putInt(8, cid).array());
  }

  /** All frames of an interface, by its index: struct sockaddr_ll. See packet(7). */
  public static SocketAddressBytes ofInterface(int index) {
    ByteBuffer b = ByteBuffer.allocate(20).order(ByteOrder.nativeOrder());
    b.putShort(0, (short) AF_PACKET).putInt(4, index);
    return new SocketAddressBytes(b.order(ByteOrder.BIG_ENDIAN).putShort(2, ETH_P_ALL).array());
  }

  /** The wildcard address of IPv4 or IPv6 with a port. */
  public static SocketAddressBytes wildcard(int family, int port) {
    return of(inetAddress(new byte[family == AF_INET ? 4 : 16]), port);
  }

  /** The host of these 4 or 16 bytes; one of IPv4 in the form of IPv6 is one of IPv4. */
  public static InetAddress inetAddress(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The raw structure. */
  public byte[] bytes() {
    return bytes;
  }

  /** Length in bytes, as passed to bind(2) and its like. */
  public int length() {
    return bytes.length;
  }

  /** The address family, 0 when the structure is empty. */
  public int family() {
    return bytes.length < 2 ? 0 : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(0);
  }

  public boolean isInternet() {
    return family() == AF_INET || family() == AF_INET6;
  }

  /** The port in host order, −1 for families without one. */
  public int port() {
    return isInternet() ? byteAt(2) << 8 | byteAt(3) : -1;
  }

  /** The host of an IPv4 or IPv6 address. */
  public InetAddress host() {
    try {
      return family() == AF_INET
          ? InetAddress.getByAddress(Arrays.copyOfRange(bytes, 4, 8))
          : Inet6Address.getByAddress(null, Arrays.copyOfRange(bytes, 8, 24), -1);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("not an internet address: " + this, e);
    }
  }

  /** The address as Java knows it; empty for other families, and for an unnamed UNIX socket. */
  public Optional<SocketAddress> toSocketAddress() {
    if (isInternet()) {
      return Optional.of(new InetSocketAddress(host(), port()));
    }
    boolean hasPath = family() == AF_UNIX && bytes.length > 2 && bytes[2] != 0;
    return hasPath ? Optional.of(UnixDomainSocketAddress.of(unixName())) : Optional.empty();
  }

  /** The host alone, as exported to programs: dotted IPv4, bracketed IPv6, UNIX path. */
  public String hostText() {
    return switch (family()) {
      case AF_INET -> byteAt(4) + "." + byteAt(5) + "." + byteAt(6) + "." + byteAt(7);
      case AF_INET6 -> {
        StringBuilder text = new StringBuilder("[");
        for (int i = 8; i < 24; i += 2) {
          text.append(i > 8 ? ":" : "").append(String.format("%02x%02x", byteAt(i), byteAt(i + 1)));
        }
        yield text.append(']').toString();
      }
      case AF_UNIX -> unixName();
      case AF_VSOCK -> Long.toString(vsockField(8));
      default -> "";
    };
  }

  /** A byte of the structure; those that a short one lacks count as 0. */
  private int byteAt(int index) {
    return index < bytes.length ? bytes[index] & 0xff : 0;
  }

  private String unixName() {
    if (bytes.length <= 2) {
      return "<anon>";
    }
    boolean isAbstract = bytes[2] == 0;
    int end = bytes.length;
    if (!isAbstract) {
      end = 2;
      while (end < bytes.length && bytes[end] != 0) {
        end++;
      }
    }
    StringBuilder text = new StringBuilder();
    for (int i = 2; i < end; i++) {
      int c = bytes[i] & 0xff;
      if (c == 0) {
        text.append("\\0");
      } else if (c == '\\' || c == '"') {
        text.append('\\').append((char) c);
      } else if (c < 0x20 || c >= 0x7f) {
        text.append(String.format("\\x%02x", c));
      } else {
        text.append((char) c);
      }
    }
    return text.toString();
  }

  /** The port as exported to programs; null for families without one. */
  public @Nullable String portText() {
    return isInternet()
        ? Integer.toString(port())
        : family() == AF_VSOCK ? Long.toString(vsockField(4)) : null;
  }

  private long vsockField(int offset) {
    return ByteBuffer.wrap(Arrays.copyOf(bytes, 16)).order(ByteOrder.nativeOrder()).getInt(offset)
        & 0xffffffffL;
  }

  /** Without the family: {@code 127.0.0.1:80}, {@code "/path"}. */
  public String endpointText() {
    return switch (family()) {
      case AF_INET, AF_INET6 -> hostText() + ":" + port();
      case AF_UNIX -> "\"" + unixName() + "\"";
      case AF_VSOCK -> "cid:" + vsockField(8) + " port:" + vsockField(4);
      default -> {
        StringBuilder text = new StringBuilder("AF=" + family() + " 0x");
        for (int i = 2; i < Math.min(16, bytes.length); i++) {
          text.append(String.format("%02x", bytes[i]));
        }
        yield text.toString();
      }
    };
  }

  @Override
  public String toString() {
    return bytes.length == 0 ? "AF=1 \"<anon>\"" : "AF=" + family() + " " + endpointText();
  }

  /**
   * Whether all that {@code other} has is the same here, where what is lacking counts as 0: the
   * kernel ends paths with one. An unnamed one has nothing.
   */
  public boolean beginsWith(SocketAddressBytes other) {
    for (int i = 0; i < other.length(); i++) {
      if (other.byteAt(i) != byteAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SocketAddressBytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
