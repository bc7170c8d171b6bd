package dev.sluice.addresses.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a proxy says at the start of a connection of whom it is for: a line of text in version 1, a
 * binary header in version 2. See "The PROXY protocol", HAProxy.
 */
public final class ProxyProtocol {
  private static final String HEAD = "PROXY protocol";
  private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
  private static final int LONGEST_LINE = 107;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP_4 = 0x11;
  private static final int TCP_6 = 0x21;
  private static final int UNIX_STREAM = 0x31;
  private static final int UNIX_PATH = SocketAddressBytes.UNIX_PATH_CAPACITY;
  private static final String PORT = " (0|[1-9]\\d{0,4})";
  private static final Pattern LINE =
      Pattern.compile("PROXY TCP([46]) ([0-9a-fA-F:.]+) ([0-9a-fA-F:.]+)" + PORT + PORT);

  private ProxyProtocol() {}

  // --- sending

  /**
   * Tells a server that has just been connected whose connection this is, if option {@code
   * proxy-protocol} asks for that.
   */
  public static void introduce(OpenContext context, Endpoint endpoint) {
    ProxyProtocolVersion version =
        context.options().find(ProxyProtocolOptions.PROXY_PROTOCOL).orElse(null);
    if (version == null) {
      return;
    }
    if (endpoint.boundary() != Boundary.STREAM) {
      throw OpenFailure.lasting("option proxy-protocol needs a stream socket");
    }
    Endpoint left = context.left() instanceof Endpoint open ? open : null;
    send(Dialogue.fdOf(endpoint), header(version, left == null ? null : left.ends()));
  }

  /** Fits the empty buffer of a new connection, so it is not waited for. */
  private static void send(Fd fd, byte[] header) {
    NativeBuffer buffer = NativeBuffer.of(header);
    int n = LibC.write(fd.number(), buffer, 0, header.length);
    if (n != header.length) {
      throw new NativeError("write(" + fd + ") of the PROXY header", n < 0 ? -n : Errno.EAGAIN);
    }
  }

  /** The header; ends that are not known, or of families that it has no form for, are left out. */
  static byte[] header(ProxyProtocolVersion version, @Nullable ConnectionEnds ends) {
    return version == ProxyProtocolVersion.V1 ? line(ends) : binary(ends);
  }

  private static byte[] line(@Nullable ConnectionEnds ends) {
    String text = "UNKNOWN";
    if (ends != null && isInternet(ends)) {
      InetAddress peer = plain(ends.peer().host());
      InetAddress local = plain(ends.local().host());
      if (peer.getClass() == local.getClass()) {
        text = (peer instanceof Inet4Address ? "TCP4 " : "TCP6 ") + text(peer) + " " + text(local);
        text += " " + ends.peer().port() + " " + ends.local().port();
      }
    }
    return ("PROXY " + text + "\r\n").getBytes(US_ASCII);
  }

  private static String text(InetAddress address) {
    return address.getHostAddress();
  }

  private static boolean isInternet(ConnectionEnds ends) {
    return ends.peer().isInternet() && ends.local().isInternet();
  }

  /** An IPv4 address that came as one of IPv6 is one of IPv4 again. */
  private static InetAddress plain(InetAddress address) {
    return SocketAddressBytes.inetAddress(address.getAddress());
  }

  private static byte[] binary(@Nullable ConnectionEnds ends) {
    ByteBuffer header = ByteBuffer.allocate(SIGNATURE.length + 4 + 2 * UNIX_PATH).put(SIGNATURE);
    if (ends == null) {
      header.put((byte) LOCAL).putShort((short) 0);
    } else if (isInternet(ends)) {
      InetAddress peer = plain(ends.peer().host());
      InetAddress local = plain(ends.local().host());
      boolean four = peer instanceof Inet4Address && local instanceof Inet4Address;
      header.put((byte) PROXY).put((byte) (four ? TCP_4 : TCP_6));
      header.putShort((short) (four ? 12 : 36));
      header.put(wide(peer, four)).put(wide(local, four));
      header.putShort((short) ends.peer().port()).putShort((short) ends.local().port());
      return Arrays.copyOf(header.array(), header.position());
    } else if (isUnix(ends.peer()) && isUnix(ends.local())) {
      header.put((byte) PROXY).put((byte) UNIX_STREAM).putShort((short) (2 * UNIX_PATH));
      header.put(path(ends.peer())).put(path(ends.local()));
      return header.array();
    } else {
      header.put((byte) PROXY).putShort((short) 0);
    }
    return Arrays.copyOf(header.array(), SIGNATURE.length + 4);
  }

  private static byte[] wide(InetAddress address, boolean four) {
    byte[] bytes = address.getAddress();
    if (four || bytes.length == 16) {
      return bytes;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(bytes, 0, mapped, 12, 4);
    return mapped;
  }

  /** An unnamed socket has no bytes at all. */
  private static boolean isUnix(SocketAddressBytes address) {
    return address.family() == SocketAddressBytes.AF_UNIX || address.length() == 0;
  }

  private static byte[] path(SocketAddressBytes address) {
    return Arrays.copyOfRange(address.bytes(), Math.min(2, address.length()), UNIX_PATH + 2);
  }

  // --- receiving

  /** Refuses option {@code accept-proxy} where packets would hold pieces of a header. */
  static void requireStream(OpenContext context, int type) {
    boolean stream = context.options().get(SocketOptions.SO_TYPE, type) == SocketCalls.SOCK_STREAM;
    if (!stream && context.options().isOn(ProxyProtocolOptions.ACCEPT_PROXY)) {
      throw OpenFailure.lasting("option accept-proxy needs a stream socket");
    }
  }

  /** The endpoint of a peer that begins with the protocol, if {@code accept-proxy} asks for it. */
  static Endpoint expected(OpenContext context, Endpoint accepted) {
    if (!context.options().isOn(ProxyProtocolOptions.ACCEPT_PROXY)) {
      return accepted;
    }
    return accepted.greeting(
        new DialogueGreeting(context, HEAD) {
          @Override
          protected CompletionStage<Endpoint> speak(
              Endpoint endpoint, Dialogue dialogue, RelayLog log) {
            return receive(dialogue).thenApply(ends -> heard(ends, endpoint, log));
          }
        });
  }

  private static Endpoint heard(Optional<ConnectionEnds> told, Endpoint endpoint, RelayLog log) {
    if (told.isEmpty()) {
      log.info("%s: no addresses are told, those of the connection stay", HEAD);
      return endpoint;
    }
    ConnectionEnds ends = told.get();
    log.notice("%s: connection from %s to %s", HEAD, ends.peer(), ends.local());
    return endpoint
        .ends(() -> ends)
        .environment(() -> PeerFacts.of(ends.peer(), ends.local(), true));
  }

  /** The ends that a header tells, if it tells any. */
  private static CompletionStage<Optional<ConnectionEnds>> receive(Dialogue dialogue) {
    return dialogue
        .receiveByte()
        .thenCompose(
            first -> first == SIGNATURE[0] ? receiveBinary(dialogue) : receiveLine(dialogue, first))
        .thenApply(Optional::ofNullable);
  }

  private static CompletionStage<@Nullable ConnectionEnds> receiveLine(
      Dialogue dialogue, int first) {
    StringBuilder line = new StringBuilder();
    return (isLineGoingOn(line, first)
            ? dialogue.receive(next -> isLineGoingOn(line, next))
            : CompletableFuture.<Void>completedStage(null))
        .thenApply(done -> parse(line.toString()));
  }

  /** Takes the next byte of a line; whether more belong to it. */
  private static boolean isLineGoingOn(StringBuilder line, int next) {
    line.append((char) next);
    int length = line.length();
    if (length <= "PROXY ".length() && next != "PROXY ".charAt(length - 1)) {
      throw malformed("the connection does not begin with a PROXY header");
    }
    if (next != '\n' && length >= LONGEST_LINE) {
      throw malformed("the header's line is longer than " + LONGEST_LINE + " bytes");
    }
    return next != '\n';
  }

  private static OpenFailure malformed(String why) {
    return OpenFailure.retryable(HEAD + ": " + why);
  }

  private static @Nullable ConnectionEnds parse(String line) {
    if (line.endsWith("\r\n")) {
      String text = line.substring(0, line.length() - 2);
      if (text.equals("PROXY UNKNOWN") || text.startsWith("PROXY UNKNOWN ")) {
        return null;
      }
      Matcher parts = LINE.matcher(text);
      if (parts.matches()) {
        boolean four = parts.group(1).equals("4");
        SocketAddressBytes peer = numeric(four, parts.group(2), parts.group(4));
        SocketAddressBytes local = numeric(four, parts.group(3), parts.group(5));
        if (peer != null && local != null) {
          return new ConnectionEnds(peer, local);
        }
      }
    }
    throw malformed("invalid header " + quoted(line));
  }

  /** The line in quotes, with what can't be shown as numbers. */
  private static String quoted(String line) {
    StringBuilder text = new StringBuilder("\"");
    line.chars()
        .forEach(
            c -> {
              if (c >= ' ' && c < 0x7f && c != '"' && c != '\\') {
                text.append((char) c);
              } else {
                text.append(String.format("\\x%02x", c));
              }
            });
    return text.append('"').toString();
  }

  private static @Nullable SocketAddressBytes numeric(boolean four, String host, String port) {
    if (Integer.parseInt(port) > 65535) {
      return null;
    }
    if (four) {
      return HostPort.numeric(host, port, SocketAddressBytes.AF_INET);
    }
    try {
      return host.indexOf(':') < 0
          ? null
          : SocketAddressBytes.of(InetAddress.getByName(host), Integer.parseInt(port));
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static CompletionStage<@Nullable ConnectionEnds> receiveBinary(Dialogue dialogue) {
    return dialogue
        .receive(SIGNATURE.length - 1 + 4)
        .thenCompose(
            bytes -> {
              int length = SIGNATURE.length - 1;
              if (!Arrays.equals(bytes, 0, length, SIGNATURE, 1, SIGNATURE.length)) {
                throw malformed("the connection does not begin with a PROXY header");
              }
              ByteBuffer fixed = ByteBuffer.wrap(bytes, length, 4);
              int command = fixed.get() & 0xff;
              int family = fixed.get() & 0xff;
              return dialogue
                  .receive(fixed.getShort() & 0xffff)
                  .thenApply(content -> parse(command, family, ByteBuffer.wrap(content)));
            });
  }

  private static @Nullable ConnectionEnds parse(int command, int family, ByteBuffer content) {
    if (command != LOCAL && command != PROXY) {
      throw malformed(String.format("unknown version and command 0x%02x", command));
    }
    if (family > UNIX_STREAM + 1 || (family & 0xf) > 2) {
      throw malformed(String.format("unknown family and protocol 0x%02x", family));
    }
    int size = (family & 0xf) == 0 ? 0 : new int[] {0, 4, 16, UNIX_PATH}[family >> 4];
    if (command == LOCAL || size == 0) {
      return null;
    }
    boolean isUnix = size == UNIX_PATH;
    if (content.remaining() < 2 * size + (isUnix ? 0 : 4)) {
      throw malformed("the header is too short for its addresses");
    }
    byte[] peer = new byte[size];
    byte[] local = new byte[size];
    content.get(peer).get(local);
    if (isUnix) {
      return new ConnectionEnds(unix(peer), unix(local));
    }
    int from = content.getShort() & 0xffff;
    int to = content.getShort() & 0xffff;
    return new ConnectionEnds(
        SocketAddressBytes.of(SocketAddressBytes.inetAddress(peer), from),
        SocketAddressBytes.of(SocketAddressBytes.inetAddress(local), to));
  }

  private static SocketAddressBytes unix(byte[] path) {
    int end = path.length;
    while (end > 0 && path[end - 1] == 0) {
      end--;
    }
    return SocketAddressBytes.ofData(SocketAddressBytes.AF_UNIX, Arrays.copyOf(path, end));
  }
}
