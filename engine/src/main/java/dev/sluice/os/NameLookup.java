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
    int code = LibC.posix("getaddrinfo", node, port, hints, result);
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
      LibC.posix("freeaddrinfo", list);
    }
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
    return LibC.pointerText("gai_strerror", code);
  }
}
