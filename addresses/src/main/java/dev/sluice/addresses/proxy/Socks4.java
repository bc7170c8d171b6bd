package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.OpenContext;
import dev.sluice.log.RelayLog;
import dev.sluice.os.SocketAddressBytes;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of SOCKS 4, and of 4a, which leaves names to the server. As in socat, a
 * connection goes on after a reply whose status nobody has defined.
 */
public final class Socks4 {
  /** An address that can't be, which says that a name follows. */
  private static final byte[] NAME_FOLLOWS = {0, 0, 0, 1};

  private final OpenContext context;
  private final RelayLog log;
  private final String user;
  private final byte[] address;
  private final int port;
  private final @Nullable String name;

  private Socks4(OpenContext context, byte[] address, int port, @Nullable String name) {
    this.context = context;
    this.log = context.log();
    this.user = user(context);
    this.address = address;
    this.port = port;
    this.name = name;
  }

  /** The user that the server is told of. */
  public static String user(OpenContext context) {
    Map<String, String> environment = context.environment().get();
    return context
        .options()
        .find(ProxyOptions.SOCKSUSER)
        .or(() -> Optional.ofNullable(environment.get("LOGNAME")))
        .or(() -> Optional.ofNullable(environment.get("USER")))
        .orElse("anonymous");
  }

  /** A request where this host looks the name up. Blocks. */
  public static Socks4 byAddress(OpenContext context, String host, String port) {
    SocketAddressBytes target =
        HostPort.resolveRemote(
                context,
                host,
                null,
                SocketAddressBytes.AF_INET,
                StreamKind.TCP_4.type(),
                StreamKind.TCP_4.protocol())
            .get(0);
    int number = HttpConnect.portNumber(port);
    return new Socks4(context, target.host().getAddress(), number, null);
  }

  /** A request where the server looks the name up. */
  public static Socks4 byName(OpenContext context, String host, String port) {
    return new Socks4(context, NAME_FOLLOWS, HttpConnect.portNumber(port), host);
  }

  /** Asks for the connection; completes once it is there. */
  public CompletionStage<Void> ask(Dialogue dialogue) {
    log.info(
        "sending socks4%s request VN=4 DC=1 DSTPORT=%d DSTIP=%s USERID=%s%s",
        name == null ? "" : "a",
        port,
        dotted(address, 0),
        user,
        name == null ? "" : " DESTNAME=" + name);
    return dialogue
        .send(request())
        .thenCompose(
            done -> {
              log.info("waiting for socks reply");
              return reply(dialogue);
            })
        .thenAccept(this::hear);
  }

  private void hear(byte[] reply) {
    int status = reply[1] & 0xff;
    log.info(
        "received socks reply VN=%d CD=%d DSTPORT=%d DSTIP=%s",
        reply[0] & 0xff, status, (reply[2] & 0xff) << 8 | (reply[3] & 0xff), dotted(reply, 4));
    if (reply[0] != 0) {
      log.warning("socks: reply code version is not 0 (" + (reply[0] & 0xff) + ")");
    }
    switch (status) {
      case 90 -> log.notice("successfully connected via socks4");
      case 91 ->
          throw ProxyConnection.refused(context, "socks: connect request rejected or failed");
      case 92 -> throw ProxyConnection.refused(context, "socks: ident refused by client");
      case 93 -> throw ProxyConnection.refused(context, "socks: ident failed");
      default -> log.warning("socks: undefined status " + status);
    }
  }

  private byte[] request() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {4, 1, (byte) (port >> 8), (byte) port});
    bytes.writeBytes(address);
    bytes.writeBytes(user.getBytes(ISO_8859_1));
    bytes.write(0);
    if (name != null) {
      bytes.writeBytes(name.getBytes(ISO_8859_1));
      bytes.write(0);
    }
    return bytes.toByteArray();
  }

  private CompletionStage<byte[]> reply(Dialogue dialogue) {
    return ProxyConnection.endingAs(
        dialogue.receive(8),
        () ->
            ProxyConnection.refused(
                context,
                "read(): EOF during read of socks reply, peer might not be a socks4 server"));
  }

  private static String dotted(byte[] bytes, int from) {
    return (bytes[from] & 0xff)
        + "."
        + (bytes[from + 1] & 0xff)
        + "."
        + (bytes[from + 2] & 0xff)
        + "."
        + (bytes[from + 3] & 0xff);
  }
}
