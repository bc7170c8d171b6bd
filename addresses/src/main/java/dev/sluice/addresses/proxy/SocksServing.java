package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.TargetRequest;
import dev.sluice.os.SocketAddressBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of SOCKS 4, 4a and 5, for CONNECT. See RFC 1928, and RFC 1929 for user and
 * password.
 */
final class SocksServing implements ProxyServer.Protocol {
  private static final int CONNECT = 1;
  private static final int LONGEST_TEXT = 255;
  private static final int NO_LOGIN = 0;
  private static final int LOGIN = 2;
  private static final int NO_METHOD = 0xff;
  private static final int SOCKS4_GRANTED = 90;
  private static final int SOCKS4_REJECTED = 91;

  private final @Nullable String login;
  private final OpenContext context;

  /**
   * A server.
   *
   * @param login {@code user:password} that clients must give; null when they need none
   */
  SocksServing(@Nullable String login, OpenContext context) {
    this.login = login;
    this.context = context;
  }

  @Override
  public ProxyServer.Asked ask(Dialogue dialogue) {
    int version = dialogue.receiveByte();
    return switch (version) {
      case 4 -> askIn4(dialogue);
      case 5 -> askIn5(dialogue);
      default -> throw failure("client begins with " + version + ", which is no version of SOCKS");
    };
  }

  private OpenFailure failure(String why) {
    return OpenFailure.retryable(context.address().type().descriptor().keyword() + ": " + why);
  }

  private OpenFailure refused(Dialogue dialogue, byte[] answer, String why) {
    dialogue.send(answer);
    return failure(why);
  }

  private ProxyServer.Asked asked(
      Dialogue dialogue, String text, int port, ProxyServer.Answers answers, byte[] failed) {
    if (text.isEmpty() || port == 0) {
      throw refused(dialogue, failed, "client asks for no host or no port");
    }
    String host = ProxyServer.Asked.host(text);
    if (host == null) {
      throw refused(dialogue, failed, "client asks for a host that is neither name nor address");
    }
    return new ProxyServer.Asked(host, port, answers);
  }

  // --- version 4

  private record Answers4() implements ProxyServer.Answers {
    private static byte[] answer(int status) {
      return new byte[] {0, (byte) status, 0, 0, 0, 0, 0, 0};
    }

    @Override
    public byte[] granted(SocketAddressBytes local) {
      return answer(SOCKS4_GRANTED);
    }

    @Override
    public byte[] refused(TargetRequest.Refusal why) {
      return answer(SOCKS4_REJECTED);
    }
  }

  private ProxyServer.Asked askIn4(Dialogue dialogue) {
    ByteBuffer request = ByteBuffer.wrap(dialogue.receive(7));
    int command = request.get();
    int port = request.getShort() & 0xffff;
    byte[] address = new byte[4];
    request.get(address);
    textToZero(dialogue, "user");
    boolean isNamed = address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;
    String host = isNamed ? textToZero(dialogue, "host") : text(address);
    byte[] rejected = Answers4.answer(SOCKS4_REJECTED);
    if (command != CONNECT) {
      throw refused(dialogue, rejected, "client asks for command " + command + ", not CONNECT");
    }
    if (login != null) {
      throw refused(dialogue, rejected, "client must log in, which SOCKS 4 has no way for");
    }
    return asked(dialogue, host, port, new Answers4(), rejected);
  }

  private String textToZero(Dialogue dialogue, String what) {
    StringBuilder text = new StringBuilder();
    for (int c = dialogue.receiveByte(); c != 0; c = dialogue.receiveByte()) {
      if (text.length() == LONGEST_TEXT) {
        throw refused(
            dialogue,
            Answers4.answer(SOCKS4_REJECTED),
            "client's " + what + " is longer than " + LONGEST_TEXT + " bytes");
      }
      text.append((char) c);
    }
    return text.toString();
  }

  private static String text(byte[] address) {
    String text = SocketAddressBytes.inetAddress(address).getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  // --- version 5

  private record Answers5() implements ProxyServer.Answers {
    private static byte[] answer(int status) {
      return new byte[] {5, (byte) status, 0, 1, 0, 0, 0, 0, 0, 0};
    }

    @Override
    public byte[] granted(SocketAddressBytes local) {
      byte[] host = local.host().getAddress();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(new byte[] {5, SocksStatus.GRANTED, 0, (byte) (host.length == 4 ? 1 : 4)});
      bytes.writeBytes(host);
      bytes.write(local.port() >> 8);
      bytes.write(local.port());
      return bytes.toByteArray();
    }

    @Override
    public byte[] refused(TargetRequest.Refusal why) {
      return answer(
          switch (why) {
            case DENIED -> SocksStatus.FORBIDDEN;
            case NETWORK_UNREACHABLE -> SocksStatus.NETWORK_UNREACHABLE;
            case UNKNOWN_HOST, HOST_UNREACHABLE -> SocksStatus.HOST_UNREACHABLE;
            case REFUSED -> SocksStatus.REFUSED;
            case TIMED_OUT -> SocksStatus.EXPIRED;
            case FAILED -> SocksStatus.FAILURE;
          });
    }
  }

  private ProxyServer.Asked askIn5(Dialogue dialogue) {
    byte[] methods = dialogue.receive(dialogue.receiveByte());
    int wanted = login == null ? NO_LOGIN : LOGIN;
    if (new String(methods, ISO_8859_1).indexOf(wanted) < 0) {
      throw refused(
          dialogue,
          new byte[] {5, (byte) NO_METHOD},
          login == null ? "client insists on logging in" : "client offers no user and password");
    }
    dialogue.send(new byte[] {5, (byte) wanted});
    if (login != null) {
      checkLogin(dialogue, login);
    }
    byte[] request = dialogue.receive(4);
    String host = host(dialogue, request[3]);
    int port = dialogue.receiveByte() << 8 | dialogue.receiveByte();
    if (request[0] != 5) {
      throw refused(
          dialogue, Answers5.answer(SocksStatus.FAILURE), "client changes its version of SOCKS");
    }
    if (request[1] != CONNECT) {
      throw refused(
          dialogue,
          Answers5.answer(SocksStatus.UNKNOWN_COMMAND),
          "client asks for command " + (request[1] & 0xff) + ", not CONNECT");
    }
    return asked(dialogue, host, port, new Answers5(), Answers5.answer(SocksStatus.FAILURE));
  }

  private void checkLogin(Dialogue dialogue, String right) {
    int version = dialogue.receiveByte();
    String user = new String(dialogue.receive(dialogue.receiveByte()), ISO_8859_1);
    String password = new String(dialogue.receive(dialogue.receiveByte()), ISO_8859_1);
    if (version != 1 || !ProxyServer.isLogin(right, user + ":" + password)) {
      throw refused(dialogue, new byte[] {1, 1}, "client gives a wrong user or password");
    }
    dialogue.send(new byte[] {1, 0});
  }

  private String host(Dialogue dialogue, int type) {
    return switch (type) {
      case 1 -> text(dialogue.receive(4));
      case 3 -> new String(dialogue.receive(dialogue.receiveByte()), ISO_8859_1);
      case 4 -> text(dialogue.receive(16));
      default ->
          throw refused(
              dialogue,
              Answers5.answer(SocksStatus.UNKNOWN_ADDRESS_TYPE),
              "client gives an address of type " + (type & 0xff));
    };
  }
}
