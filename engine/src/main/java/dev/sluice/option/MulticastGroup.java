package dev.sluice.option;

import dev.sluice.os.NetworkInterfaces;
import dev.sluice.spec.OptionSpec;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A multicast group to join or the interface to send to groups by, as written; names are looked up
 * when it is encoded.
 *
 * <p>See ip(7) for IPv4, RFC 3493 and RFC 3678 for IPv6. {@link #encode} throws {@link
 * OptionType.BadValue} when a host or an interface is unknown, and may block while a name is looked
 * up.
 */
public sealed interface MulticastGroup {
  /** {@code group:interface-or-address} or {@code group:address:interface}. */
  OptionType<MulticastGroup> IP_MREQN =
      new OptionType<>(
          "STRUCT-IP_MREQN",
          (option, spec) -> {
            List<String> fields = fields(spec, 2, 3);
            if (fields.size() == 3 && fields.get(2).contains(":")) {
              throw new OptionType.BadValue(
                  "syntax in option " + spec.text() + ": one ':' too many");
            }
            return new On4(fields.get(0), fields.get(1), fields.size() == 3 ? fields.get(2) : null);
          });

  /** {@code [group]:interface}; help texts give it the name of the IPv4 structure. */
  OptionType<MulticastGroup> IPV6_MREQ =
      new OptionType<>(
          "STRUCT-IP_MREQN",
          (option, spec) -> {
            List<String> fields = fields(spec, 2, 2);
            return new On6(fields.get(0), fields.get(1));
          });

  /** {@code group:interface-address:source}. */
  OptionType<MulticastGroup> IP_MREQ_SOURCE =
      new OptionType<>(
          "IP-MREQ-SOURCE",
          (option, spec) -> {
            List<String> fields = fields(spec, 3, 3);
            return new FromSource4(fields.get(0), fields.get(1), fields.get(2));
          });

  /** {@code [group]:interface:[source]}. */
  OptionType<MulticastGroup> GROUP_SOURCE_REQ =
      new OptionType<>(
          "GENERIC",
          (option, spec) -> {
            List<String> fields = fields(spec, 3, 3);
            return new FromSource6(fields.get(0), fields.get(1), fields.get(2));
          });

  /** An IPv4 host by name or address. */
  OptionType<MulticastGroup> IP4NAME =
      new OptionType<>("IP4NAME", (option, spec) -> new By4(OptionType.required(spec)));

  /** The structure that setsockopt(2) takes. */
  byte[] encode();

  /** The structure as error messages show it. */
  String shown(byte[] structure);

  /** The fields as written. */
  List<String> fields();

  /** Any-source membership of an IPv4 group. */
  record On4(String group, String where, @Nullable String name) implements MulticastGroup {
    @Override
    public byte[] encode() {
      int index = name != null ? interfaceIndex(name) : NetworkInterfaces.index(where);
      boolean byIndex = name == null && index != 0;
      return ByteBuffer.allocate(12)
          .put(host(group, false))
          .put(byIndex ? new byte[4] : host(where, false))
          .order(ByteOrder.nativeOrder())
          .putInt(index)
          .array();
    }

    @Override
    public String shown(byte[] structure) {
      ByteBuffer s = ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder());
      return String.format("{0x%08x,0x%08x,%d}", s.getInt(0), s.getInt(4), s.getInt(8));
    }

    @Override
    public List<String> fields() {
      return name == null ? List.of(group, where) : List.of(group, where, name);
    }
  }

  /** Membership of an IPv4 group for one source. */
  record FromSource4(String group, String address, String source) implements MulticastGroup {
    @Override
    public byte[] encode() {
      return ByteBuffer.allocate(12)
          .put(host(group, false))
          .put(host(address, false))
          .put(host(source, false))
          .array();
    }

    @Override
    public String shown(byte[] structure) {
      ByteBuffer s = ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder());
      return String.format("{0x%08x,0x%08x,0x%08x}", s.getInt(0), s.getInt(4), s.getInt(8));
    }

    @Override
    public List<String> fields() {
      return List.of(group, address, source);
    }
  }

  /** Any-source membership of an IPv6 group. */
  record On6(String group, String name) implements MulticastGroup {
    @Override
    public byte[] encode() {
      return ByteBuffer.allocate(20)
          .put(host(group, true))
          .order(ByteOrder.nativeOrder())
          .putInt(interfaceIndex(name))
          .array();
    }

    @Override
    public String shown(byte[] structure) {
      ByteBuffer s = ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder());
      return String.format("{...,0x%08x}", s.getInt(16));
    }

    @Override
    public List<String> fields() {
      return List.of(group, name);
    }
  }

  /** Membership of an IPv6 group for one source: struct group_source_req. */
  record FromSource6(String group, String name, String source) implements MulticastGroup {
    private static final int SIZE = 264;
    private static final int STORAGE = 128;
    private static final short AF_INET6 = 10;

    @Override
    public byte[] encode() {
      ByteBuffer s = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
      s.putInt(0, interfaceIndex(name));
      s.putShort(8, AF_INET6).put(8 + 8, host(group, true));
      s.putShort(8 + STORAGE, AF_INET6).put(8 + STORAGE + 8, host(source, true));
      return s.array();
    }

    @Override
    public String shown(byte[] structure) {
      return "{" + ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder()).getInt(0) + ",...}";
    }

    @Override
    public List<String> fields() {
      return List.of(group, name, source);
    }
  }

  /** The interface of that IPv4 address, to send by. */
  record By4(String address) implements MulticastGroup {
    @Override
    public byte[] encode() {
      return host(address, false);
    }

    @Override
    public String shown(byte[] structure) {
      return String.format(
          "{0x%x}", ByteBuffer.wrap(structure).order(ByteOrder.nativeOrder()).getInt(0));
    }

    @Override
    public List<String> fields() {
      return List.of(address);
    }
  }

  /** The fields of a value between colons; brackets protect colons, and stay. */
  private static List<String> fields(OptionSpec spec, int least, int most) {
    String text = OptionType.required(spec);
    List<String> fields = new ArrayList<>();
    int start = 0;
    int depth = 0;
    for (int i = 0; i < text.length() && fields.size() < most - 1; i++) {
      char c = text.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (c == ':' && depth == 0) {
        fields.add(text.substring(start, i));
        start = i + 1;
      }
    }
    fields.add(text.substring(start));
    if (fields.size() < least) {
      throw new OptionType.BadValue("syntax in option " + spec.text() + ": missing ':'");
    }
    return fields;
  }

  private static int interfaceIndex(String name) {
    int index = NetworkInterfaces.index(name);
    if (index == 0) {
      throw new OptionType.BadValue("interface \"" + name + "\" not found");
    }
    return index;
  }

  private static byte[] host(String name, boolean six) {
    String bare =
        six && name.startsWith("[") && name.endsWith("]")
            ? name.substring(1, name.length() - 1)
            : name;
    try {
      for (InetAddress address : InetAddress.getAllByName(bare)) {
        if (six ? address instanceof Inet6Address : address instanceof Inet4Address) {
          return address.getAddress();
        }
      }
    } catch (UnknownHostException e) {
      throw new OptionType.BadValue("getaddrinfo(\"" + bare + "\"): Name or service not known");
    }
    throw new OptionType.BadValue("\"" + bare + "\" has no IPv" + (six ? 6 : 4) + " address");
  }
}
