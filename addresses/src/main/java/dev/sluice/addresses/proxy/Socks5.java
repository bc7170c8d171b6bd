package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.option.Options;
import dev.sluice.os.SocketAddressBytes;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The client's side of SOCKS 5: see RFC 1928, and RFC 1929 for user and password. */
public final class Socks5 {
  /** What the server is asked for. */
  public enum Request {
    CONNECT(1),
    BIND(2);

    private final int code;

    Request(int code) {
      this.code = code;
    }
  }

  private static final int LONGEST_NAME = 255;
  private static final Pattern IP6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private final OpenContext context;
  private final RelayLog log;
  private final Request request;
  private final String head;
  private final byte[] target;
  private final int type;
  private final int port;
  private final @Nullable String user;
  private final String password;

  /**
   * A request for host and port, which are left to the server to resolve.
   *
   * @param head what errors begin with
   */
  public Socks5(OpenContext context, Request request, String head, String host, String port) {
    Options options = context.options();
    this.context = context;
    this.log = context.log();
    this.request = request;
    this.head = head;
    this.port = HttpConnect.portNumber(port);
    SocketAddressBytes four = HostPort.numeric(host, "0", SocketAddressBytes.AF_INET);
    if (four != null) {
      type = 1;
      target = four.host().getAddress();
    } else if (IP6.matcher(host).matches()) {
      type = 4;
      target = ip6(host);
    } else {
      type = 3;
      target = name(host);
    }
    String givenUser = options.find(ProxyOptions.SOCKSUSER).orElse(null);
    String givenPassword = options.find(ProxyOptions.SOCKSPASS).orElse(null);
    if (givenUser != null && givenPassword == null) {
      log.warning("SOCKS5 username without password");
    } else if (givenUser == null && givenPassword != null) {
      log.warning("SOCKS5 password without username, falling back to \"anonymous\"");
      givenUser = "anonymous";
    }
    user = checked("socksuser", givenUser);
    password = givenPassword == null ? "" : givenPassword;
    checked("sockspass", password);
  }

  private static @Nullable String checked(String option, @Nullable String value) {
    if (value != null && value.length() > LONGEST_NAME) {
      throw OpenFailure.lasting(option + " is longer than " + LONGEST_NAME + " bytes");
    }
    return value;
  }

  private static byte[] ip6(String host) {
    try {
      byte[] address = InetAddress.getByName("[" + host + "]").getAddress();
      if (address.length == 16) {
        return address;
      }
    } catch (UnknownHostException e) {
      throw OpenFailure.lasting("\"" + host + "\" is no IPv6 address");
    }
    throw OpenFailure.lasting("\"" + host + "\" is no IPv6 address");
  }

  private static byte[] name(String host) {
    byte[] bytes = host.getBytes(ISO_8859_1);
    if (bytes.length > LONGEST_NAME) {
      throw OpenFailure.lasting("target hostname too long (>255 bytes), aborting");
    }
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    field.write(bytes.length);
    field.writeBytes(bytes);
    return field.toByteArray();
  }

  /** Asks for the connection; completes once it is there, for BIND once the peer has come. */
  public CompletionStage<Void> ask(Dialogue dialogue) {
    return ProxyConnection.endingAs(
            hello(dialogue),
            () ->
                handshakeFailed(
                    "read(): EOF during read of SOCKS5 server hello, peer might not be a SOCKS5 server"))
        .thenCompose(done -> dialogue.send(request()))
        .thenCompose(done -> reply(dialogue))
        .thenCompose(
            done ->
                request == Request.BIND ? peer(dialogue) : CompletableFuture.completedStage(null));
  }

  private byte[] request() {
    log.info(
        "sending socks5 request version=5 command=%d reserved=0 address_type=%d",
        request.code, type);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {5, (byte) request.code, 0, (byte) type});
    bytes.writeBytes(target);
    bytes.write(port >> 8);
    bytes.write(port);
    return bytes.toByteArray();
  }

  private CompletionStage<Void> peer(Dialogue dialogue) {
    log.notice("listening on remote host, waiting for connection");
    return reply(dialogue).thenRun(() -> log.notice("received connection on remote host"));
  }

  private CompletionStage<Void> hello(Dialogue dialogue) {
    byte[] methods = user == null ? new byte[] {5, 1, 0} : new byte[] {5, 2, 0, 2};
    log.info("sending socks5 client hello version=5 nmethods=%d", methods[1]);
    return dialogue
        .send(methods)
        .thenCompose(
            done -> {
              log.info("waiting for socks5 reply");
              return dialogue.receive(2);
            })
        .thenCompose(answer -> hear(dialogue, answer));
  }

  private CompletionStage<Void> hear(Dialogue dialogue, byte[] answer) {
    int method = answer[1] & 0xff;
    log.info("received SOCKS5 server hello version=%d method=%d", answer[0] & 0xff, method);
    if (answer[0] != 5) {
      throw handshakeFailed(
          "SOCKS5 Server Hello version was "
              + (answer[0] & 0xff)
              + ", not the expected 5, peer might not be a SOCKS5 server");
    }
    return switch (method) {
      case 0 -> CompletableFuture.completedStage(null);
      case 2 -> logIn(dialogue);
      default ->
          throw handshakeFailed(
              "SOCKS5 authentication negotiation failed - client & server have no common supported methods");
    };
  }

  private CompletionStage<Void> logIn(Dialogue dialogue) {
    if (user == null) {
      throw OpenFailure.lasting("authentication with SOCKS5 server failed");
    }
    byte[] name = user.getBytes(ISO_8859_1);
    byte[] secret = password.getBytes(ISO_8859_1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(1);
    bytes.write(name.length);
    bytes.writeBytes(name);
    bytes.write(secret.length);
    bytes.writeBytes(secret);
    return dialogue
        .send(bytes.toByteArray())
        .thenCompose(done -> dialogue.receive(2))
        .thenAccept(
            answer -> {
              if (answer[1] != 0) {
                throw OpenFailure.lasting("SOCKS5 authentication for user \"" + user + "\" failed");
              }
            });
  }

  private CompletionStage<Void> reply(Dialogue dialogue) {
    log.info("reading SOCKS5 reply");
    return dialogue.receive(4).thenCompose(start -> hearReply(dialogue, start));
  }

  private CompletionStage<Void> hearReply(Dialogue dialogue, byte[] start) {
    int status = start[1] & 0xff;
    int replyType = start[3] & 0xff;
    log.info(
        "received SOCKS5 reply version=%d reply=%d address_type=%d",
        start[0] & 0xff, status, replyType);
    CompletionStage<byte[]> bound =
        switch (replyType) {
          case 1 -> dialogue.receive(4 + 2);
          case 3 -> dialogue.receiveByte().thenCompose(count -> dialogue.receive(count + 2));
          case 4 -> dialogue.receive(16 + 2);
          default ->
              throw ProxyConnection.refused(
                  context, "invalid SOCKS5 reply address type (" + replyType + ")");
        };
    return bound.thenAccept(
        done -> {
          if (status != 0) {
            throw ProxyConnection.refused(
                context, "SOCKS5 server error " + status + ": " + SocksStatus.text(status));
          }
        });
  }

  private OpenFailure handshakeFailed(String why) {
    log.write(context.lastAttempt() ? Severity.WARNING : Severity.NOTICE, why);
    return OpenFailure.retryable(head + ": Connection failed");
  }
}
