package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The client's side of the CONNECT method. See RFC 9110, 9.3.6. */
public final class HttpConnect {
  private static final int LONGEST_LINE = 2048;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] +([0-9]{3})(?: +(.*))?");

  private final OpenContext context;
  private final RelayLog log;
  private final String target;
  private final String version;
  private final boolean bareLines;
  private final @Nullable String authorization;

  private HttpConnect(OpenContext context, String target, @Nullable String authorization) {
    Options options = context.options();
    this.context = context;
    this.log = context.log();
    this.target = target;
    this.version = options.get(ProxyOptions.HTTP_VERSION, "1.0");
    this.bareLines = options.isOn(ProxyOptions.IGNORECR);
    this.authorization = authorization;
  }

  /** A request for a tunnel to that host and port. Blocks: looks names up and reads a file. */
  public static HttpConnect to(OpenContext context, String host, String port) {
    return new HttpConnect(
        context, resolved(context, host) + ":" + portNumber(port), authorization(context));
  }

  private static String resolved(OpenContext context, String host) {
    if (!context.options().isOn(ProxyOptions.PROXY_RESOLVE)) {
      return host;
    }
    try {
      return HostPort.resolveRemote(
              context,
              host,
              null,
              SocketAddressBytes.AF_INET,
              StreamKind.TCP_4.type(),
              StreamKind.TCP_4.protocol())
          .get(0)
          .hostText();
    } catch (OpenFailure e) {
      return host;
    }
  }

  /** A port or the name of a service as number. */
  static int portNumber(String port) {
    try {
      return NameLookup.resolve(
              null,
              port,
              0,
              SocketAddressBytes.AF_INET,
              StreamKind.TCP_4.type(),
              StreamKind.TCP_4.protocol())
          .get(0)
          .port();
    } catch (NameLookup.Unresolved e) {
      throw OpenFailure.lasting(
          "cannot resolve service \"" + port + "/" + StreamKind.TCP_4.protocol() + "\"");
    }
  }

  /** {@code user:password} as options give it; null when they don't. Reads a file. */
  static @Nullable String authorization(OpenContext context) {
    Options options = context.options();
    String file = options.find(ProxyOptions.PROXY_AUTHORIZATION_FILE).orElse(null);
    String given = options.find(ProxyOptions.PROXY_AUTHORIZATION).orElse(null);
    if (file == null) {
      return given;
    }
    if (given != null) {
      throw OpenFailure.lasting(
          "Only one of options proxy-authorization and proxy-authorization-file allowed");
    }
    try {
      return Files.readString(Path.of(file), ISO_8859_1);
    } catch (IOException | RuntimeException e) {
      String reason =
          e instanceof NoSuchFileException
              ? "No such file or directory"
              : String.valueOf(e.getMessage());
      throw OpenFailure.lasting("open(\"" + file + "\", O_RDONLY): " + reason);
    }
  }

  /** Asks for the tunnel; completes once it is there. */
  public CompletionStage<Void> ask(Dialogue dialogue) {
    StringBuilder request = new StringBuilder();
    addLine(request, "CONNECT " + target + " HTTP/" + version);
    if (authorization != null) {
      String encoded = Base64.getEncoder().encodeToString(authorization.getBytes(ISO_8859_1));
      log.info("sending \"Proxy-authorization: Basic ...\\r\\n\"");
      request.append("Proxy-authorization: Basic ").append(encoded).append("\r\n");
    }
    addLine(request, "");
    return dialogue
        .send(request.toString().getBytes(ISO_8859_1))
        .thenCompose(done -> lines(dialogue, this::isNoStatus))
        .thenCompose(done -> lines(dialogue, this::isNoEnd));
  }

  /** Takes the first line, which must say yes; more is read after it. */
  private boolean isNoStatus(String first) {
    log.info("proxy_connect: received answer \"%s\\r\\n\"", first);
    Matcher status = STATUS.matcher(first);
    if (!status.matches()) {
      throw ProxyConnection.refused(context, "proxy: invalid answer \"" + first + "\"");
    }
    if (!status.group(1).equals("200")) {
      String reason = status.group(2) == null ? status.group(1) : status.group(2);
      throw ProxyConnection.refused(context, "CONNECT " + target + ": " + reason);
    }
    return false;
  }

  /** Takes one of the lines that follow; the last is empty. */
  private boolean isNoEnd(String header) {
    if (!header.isEmpty()) {
      log.info("proxy_connect: received header \"%s\\r\\n\"", header);
    }
    return !header.isEmpty();
  }

  private void addLine(StringBuilder request, String line) {
    log.info("sending \"%s\\r\\n\"", line);
    request.append(line).append("\r\n");
  }

  private CompletionStage<Void> lines(Dialogue dialogue, Predicate<String> onLine) {
    HttpLines lines = new HttpLines(bareLines, LONGEST_LINE, onLine);
    return ProxyConnection.endingAs(
            dialogue.receive(lines),
            () -> ProxyConnection.refused(context, "proxy_connect: connection closed by proxy"))
        .thenRun(
            () -> {
              if (lines.isTooLong()) {
                throw ProxyConnection.refused(
                    context, "proxy answer exceeds " + LONGEST_LINE + " bytes, aborting");
              }
            });
  }
}
