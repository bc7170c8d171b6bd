package dev.sluice.os;

import com.kenai.jffi.MemoryIO;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Host and service names to socket addresses, by the C library's resolver: /etc/hosts,
 * /etc/services, DNS. See getaddrinfo(3).
 */
public final class NameLookup {
  public static final int AI_PASSIVE = 0x01;
  public static final int AI_NUMERICHOST = 0x04;
  public static final int AI_V4MAPPED = 0x08;
  public static final int AI_ALL = 0x10;
  public static final int AI_ADDRCONFIG = 0x20;

  /** The name of a host that has none, as in hosts_access(5). */
  public static final String UNKNOWN = "unknown";

  /** The name of a host whose name does not lead back to it. */
  public static final String PARANOID = "paranoid";

  private static final int NI_NUMERICHOST = 1;
  private static final int NI_NAMEREQD = 8;
  private static final int LONGEST_NAME = 1025;

  private static final int EAI_AGAIN = -3;
  private static final int EAI_SERVICE = -8;
  private static final int HINTS_SIZE = 48;

  private NameLookup() {}

  /** A name that could not be resolved. */
  public static final class Unresolved extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int code;

    Unresolved(String call, int code) {
      super(null, null, false, false);
      this.call = call;
      this.code = code;
    }

    @Override
    public String getMessage() {
      return call + ": " + reason();
    }

    /** The C library's text for the error. */
    public String reason() {
      return errorText(code);
    }

    /** Whether another attempt may succeed. */
    public boolean isTemporary() {
      return code == EAI_AGAIN;
    }

    /** Whether the service, not the host, is unknown. */
    public boolean isService() {
      return code == EAI_SERVICE;
    }
  }

  /**
   * The addresses of a host and service, in the resolver's order. Blocks.
   *
   * @param host name or number; null for the wildcard or loopback address
   * @param service name or decimal port; null for none
   * @param flags of {@code AI_*}
   * @param family {@code AF_*}, 0 for any
   * @param type {@code SOCK_*}, 0 for any
   * @param protocol number, 0 for any
   */
  public static List<SocketAddressBytes> resolve(
      @Nullable String host,
      @Nullable String service,
      int flags,
      int family,
      int type,
      int protocol) {
    NativeBuffer node = host == null ? null : NativeBuffer.ofCString(host);
    NativeBuffer port = service == null ? null : NativeBuffer.ofCString(service);
    NativeBuffer hints = NativeBuffer.allocate(HINTS_SIZE);
    hints.putInt(0, flags).putInt(4, family).putInt(8, type).putInt(12, protocol);
    NativeBuffer result = NativeBuffer.allocate(8);
    int code =
        ScopedThread.outside(() -> NativeCalls.posix("getaddrinfo", node, port, hints, result));
    if (code != 0) {
      String shown =
          "getaddrinfo("
              + quoted(host)
              + ", "
              + quoted(service == null ? "NULL" : service)
              + String.format(", {0x%02x,%d,%d,%d}, {})", flags, family, type, protocol);
      throw new Unresolved(shown, code);
    }
    long list = result.getLong(0);
    try {
      return read(list);
    } finally {
      NativeCalls.posix("freeaddrinfo", list);
    }
  }

  /** An address as a number, an IPv6 address in its shortest form. See getnameinfo(3). */
  public static String numberOf(SocketAddressBytes address) {
    return nameInfo(address, NI_NUMERICHOST);
  }

  /**
   * The name of an address, if the name leads to that address again; else {@link #PARANOID}, and
   * {@link #UNKNOWN} when it has no name. Blocks.
   */
  public static String verifiedName(SocketAddressBytes address) {
    String name = nameInfo(address, NI_NAMEREQD);
    if (name.equals(UNKNOWN)) {
      return name;
    }
    try {
      return resolve(name, null, 0, address.family(), SocketCalls.SOCK_STREAM, 0).stream()
              .anyMatch(found -> found.host().equals(address.host()))
          ? name
          : PARANOID;
    } catch (Unresolved e) {
      return PARANOID;
    }
  }

  private static String nameInfo(SocketAddressBytes address, int flags) {
    NativeBuffer name = NativeBuffer.allocate(LONGEST_NAME);
    NativeBuffer bytes = NativeBuffer.of(address.bytes());
    int length = address.length();
    int code =
        ScopedThread.outside(
            () ->
                NativeCalls.posix(
                    "getnameinfo", bytes, length, name, LONGEST_NAME, null, 0, flags));
    return code == 0 ? name.getCString() : UNKNOWN;
  }

  /** The IPv6 address that a number stands for; null when it is none. */
  public static @Nullable SocketAddressBytes number6(String text) {
    try {
      return resolve(
              text, null, AI_NUMERICHOST, SocketAddressBytes.AF_INET6, SocketCalls.SOCK_STREAM, 0)
          .get(0);
    } catch (Unresolved e) {
      return null;
    }
  }

  /** Whether a host is a member of a netgroup. See innetgr(3). Blocks. */
  public static boolean isInNetgroup(String group, String host) {
    NativeBuffer name = NativeBuffer.ofCString(group);
    NativeBuffer member = NativeBuffer.ofCString(host);
    return ScopedThread.outside(() -> NativeCalls.posix("innetgr", name, member, null, null)) != 0;
  }

  private static String quoted(@Nullable String text) {
    return text == null ? "NULL" : "\"" + text + "\"";
  }

  private static List<SocketAddressBytes> read(long list) {
    MemoryIO memory = MemoryIO.getInstance();
    List<SocketAddressBytes> found = new ArrayList<>();
    for (long entry = list; entry != 0; entry = memory.getAddress(entry + 40)) {
      byte[] bytes = new byte[memory.getInt(entry + 16)];
      memory.getByteArray(memory.getAddress(entry + 24), bytes, 0, bytes.length);
      SocketAddressBytes address = SocketAddressBytes.ofBytes(bytes);
      if (!found.contains(address)) {
        found.add(address);
      }
    }
    return found;
  }

  private static String errorText(int code) {
    return NativeCalls.pointerText("gai_strerror", code);
  }
}
