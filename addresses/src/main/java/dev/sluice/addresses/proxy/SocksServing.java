package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.TargetRequest;
import dev.sluice.os.SocketAddressBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
  public CompletionStage<ProxyServer.Asked> ask(Dialogue dialogue) {
    return dialogue
        .receiveByte()
        .thenCompose(
            version ->
                switch (version) {
                  case 4 -> askIn4(dialogue);
                  case 5 -> askIn5(dialogue);
                  default ->
                      throw failure(
                          "client begins with " + version + ", which is no version of SOCKS");
                });
  }

  private OpenFailure failure(String why) {
    return OpenFailure.retryable(context.address().type().descriptor().keyword() + ": " + why);
  }

  private <T> CompletionStage<T> refused(Dialogue dialogue, byte[] answer, String why) {
    return dialogue
        .send(answer)
        .thenApply(
            done -> {
              throw failure(why);
            });
  }

  private CompletionStage<ProxyServer.Asked> asked(
      Dialogue dialogue, String text, int port, ProxyServer.Answers answers, byte[] failed) {
    if (text.isEmpty() || port == 0) {
      return refused(dialogue, failed, "client asks for no host or no port");
    }
    String host = ProxyServer.Asked.host(text);
    return host == null
        ? refused(dialogue, failed, "client asks for a host that is neither name nor address")
        : CompletableFuture.completedStage(new ProxyServer.Asked(host, port, answers));
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

  private CompletionStage<ProxyServer.Asked> askIn4(Dialogue dialogue) {
    return dialogue
        .receive(7)
        .thenCompose(
            head -> {
              ByteBuffer request = ByteBuffer.wrap(head);
              int command = request.get();
              int port = request.getShort() & 0xffff;
              byte[] address = new byte[4];
              request.get(address);
              boolean isNamed =
                  address[0] == 0 && address[1] == 0 && address[2] == 0 && address[3] != 0;
              return textToZero(dialogue, "user")
                  .thenCompose(
                      user ->
                          isNamed
                              ? textToZero(dialogue, "host")
                              : CompletableFuture.completedStage(text(address)))
                  .thenCompose(host -> askedIn4(dialogue, command, host, port));
            });
  }

  private CompletionStage<ProxyServer.Asked> askedIn4(
      Dialogue dialogue, int command, String host, int port) {
    byte[] rejected = Answers4.answer(SOCKS4_REJECTED);
    if (command != CONNECT) {
      return refused(dialogue, rejected, "client asks for command " + command + ", not CONNECT");
    }
    if (login != null) {
      return refused(dialogue, rejected, "client must log in, which SOCKS 4 has no way for");
    }
    return asked(dialogue, host, port, new Answers4(), rejected);
  }

  private CompletionStage<String> textToZero(Dialogue dialogue, String what) {
    StringBuilder text = new StringBuilder();
    return dialogue
        .receive(
            next -> {
              if (next != 0) {
                text.append((char) next);
              }
              return next != 0 && text.length() <= LONGEST_TEXT;
            })
        .thenCompose(
            done ->
                text.length() <= LONGEST_TEXT
                    ? CompletableFuture.completedStage(text.toString())
                    : refused(
                        dialogue,
                        Answers4.answer(SOCKS4_REJECTED),
                        "client's " + what + " is longer than " + LONGEST_TEXT + " bytes"));
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

  private CompletionStage<ProxyServer.Asked> askIn5(Dialogue dialogue) {
    return counted(dialogue)
        .thenCompose(methods -> agreeOnLogin(dialogue, text8(methods)))
        .thenCompose(done -> dialogue.receive(4))
        .thenCompose(
            request ->
                host(dialogue, request[3])
                    .thenCompose(
                        host ->
                            dialogue
                                .receive(2)
                                .thenCompose(port -> askedIn5(dialogue, request, host, port))));
  }

  private CompletionStage<Void> agreeOnLogin(Dialogue dialogue, String methods) {
    int wanted = login == null ? NO_LOGIN : LOGIN;
    if (methods.indexOf(wanted) < 0) {
      return refused(
          dialogue,
          new byte[] {5, (byte) NO_METHOD},
          login == null ? "client insists on logging in" : "client offers no user and password");
    }
    CompletionStage<Void> told = dialogue.send(new byte[] {5, (byte) wanted});
    return login == null ? told : told.thenCompose(done -> checkLogin(dialogue, login));
  }

  private CompletionStage<ProxyServer.Asked> askedIn5(
      Dialogue dialogue, byte[] request, String host, byte[] port) {
    if (request[0] != 5) {
      return refused(
          dialogue, Answers5.answer(SocksStatus.FAILURE), "client changes its version of SOCKS");
    }
    if (request[1] != CONNECT) {
      return refused(
          dialogue,
          Answers5.answer(SocksStatus.UNKNOWN_COMMAND),
          "client asks for command " + (request[1] & 0xff) + ", not CONNECT");
    }
    int number = (port[0] & 0xff) << 8 | (port[1] & 0xff);
    return asked(dialogue, host, number, new Answers5(), Answers5.answer(SocksStatus.FAILURE));
  }

  private CompletionStage<Void> checkLogin(Dialogue dialogue, String right) {
    return dialogue
        .receiveByte()
        .thenCompose(
            version ->
                counted(dialogue)
                    .thenCompose(
                        user ->
                            counted(dialogue)
                                .thenCompose(
                                    password -> {
                                      String given = text8(user) + ":" + text8(password);
                                      return version == 1 && ProxyServer.isLogin(right, given)
                                          ? dialogue.send(new byte[] {1, 0})
                                          : dialogue
                                              .pause(ProxyServer.WRONG_PASSWORD)
                                              .thenCompose(
                                                  done ->
                                                      refused(
                                                          dialogue,
                                                          new byte[] {1, 1},
                                                          "client gives a wrong user or password"));
                                    })));
  }

  /** Bytes with their count in front. */
  private static CompletionStage<byte[]> counted(Dialogue dialogue) {
    return dialogue.receiveByte().thenCompose(dialogue::receive);
  }

  private static String text8(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private CompletionStage<String> host(Dialogue dialogue, int type) {
    return switch (type) {
      case 1 -> dialogue.receive(4).thenApply(SocksServing::text);
      case 3 -> counted(dialogue).thenApply(SocksServing::text8);
      case 4 -> dialogue.receive(16).thenApply(SocksServing::text);
      default ->
          refused(
              dialogue,
              Answers5.answer(SocksStatus.UNKNOWN_ADDRESS_TYPE),
              "client gives an address of type " + (type & 0xff));
    };
  }
}
