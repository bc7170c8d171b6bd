package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.TargetRequest;
import dev.sluice.os.SocketAddressBytes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the CONNECT method. See RFC 9110, 9.3.6, and RFC 7617 for user and password.
 */
final class HttpServing implements ProxyServer.Protocol, ProxyServer.Answers {
  private static final int LONGEST_LINE = 8192;
  private static final int MOST_LINES = 100;

  /** Bytes of a request, which anybody may send before a login. */
  private static final int LONGEST_HEAD = 32_768;

  private static final Pattern REQUEST = Pattern.compile("([A-Z]+) (\\S+) HTTP/1\\.[0-9]");
  private static final Pattern TARGET =
      Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[^:\\[\\]/@]+):([1-9]\\d{0,4})");
  private static final Pattern BASIC =
      Pattern.compile("(?i)Proxy-Authorization:[ \\t]*Basic +([A-Za-z0-9+/]+=*)[ \\t]*");

  private final @Nullable String login;
  private final String name;

  /**
   * A server.
   *
   * @param login {@code user:password} that clients must give; null when they need none
   * @param name what errors begin with
   */
  HttpServing(@Nullable String login, String name) {
    this.login = login == null ? null : login.stripTrailing();
    this.name = name;
  }

  /** The lines of a request, as far as they may go. */
  private static final class Head implements Predicate<String> {
    private final List<String> lines = new ArrayList<>();
    private int length;

    @Override
    public boolean test(String line) {
      lines.add(line);
      length += line.length();
      return (lines.size() == 1 || !line.isEmpty()) && problem() == null;
    }

    @Nullable String problem() {
      if (length > LONGEST_HEAD) {
        return "client sends more than " + LONGEST_HEAD + " bytes";
      }
      return lines.size() > MOST_LINES + 2
          ? "client sends more than " + MOST_LINES + " lines"
          : null;
    }

    /** User and password, as they are encoded; null when there are none. */
    @Nullable String login() {
      String given = null;
      for (String line : lines.subList(1, lines.size())) {
        Matcher basic = BASIC.matcher(line);
        given = basic.matches() ? basic.group(1) : given;
      }
      return given;
    }
  }

  @Override
  public CompletionStage<ProxyServer.Asked> ask(Dialogue dialogue) {
    Head head = new Head();
    HttpLines lines = new HttpLines(true, LONGEST_LINE, head);
    return dialogue
        .receive(lines)
        .thenCompose(
            done -> {
              String problem =
                  lines.isTooLong()
                      ? "client sends a line of more than " + LONGEST_LINE + " bytes"
                      : head.problem();
              return problem == null
                  ? answerTo(dialogue, head.lines.get(0), head.login())
                  : refused(dialogue, 431, problem);
            });
  }

  private CompletionStage<ProxyServer.Asked> answerTo(
      Dialogue dialogue, String first, @Nullable String given) {
    Matcher request = REQUEST.matcher(first);
    if (!request.matches()) {
      return refused(dialogue, 400, "client sends no HTTP request");
    }
    if (login != null && !isLogin(login, given)) {
      return given == null
          ? refused(dialogue, 407, "client gives no password")
          : dialogue
              .pause(ProxyServer.WRONG_PASSWORD)
              .thenCompose(done -> refused(dialogue, 407, "client gives a wrong user or password"));
    }
    if (!request.group(1).equals("CONNECT")) {
      return refused(dialogue, 405, "client asks with " + request.group(1) + ", not CONNECT");
    }
    Matcher target = TARGET.matcher(request.group(2));
    String host = target.matches() ? ProxyServer.Asked.host(target.group(1)) : null;
    if (host == null || Integer.parseInt(target.group(2)) > 65535) {
      return refused(dialogue, 400, "client asks for something that is not host and port");
    }
    return CompletableFuture.completedStage(
        new ProxyServer.Asked(host, Integer.parseInt(target.group(2)), this));
  }

  private static boolean isLogin(String login, @Nullable String given) {
    if (given == null) {
      return false;
    }
    try {
      return ProxyServer.isLogin(login, new String(Base64.getDecoder().decode(given), ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private CompletionStage<ProxyServer.Asked> refused(Dialogue dialogue, int status, String why) {
    return dialogue
        .send(answer(status))
        .thenApply(
            done -> {
              throw OpenFailure.retryable(name + ": " + why);
            });
  }

  private static byte[] answer(int status) {
    String more =
        switch (status) {
          case 405 -> "Allow: CONNECT\r\n";
          case 407 -> "Proxy-Authenticate: Basic realm=\"sluice\"\r\n";
          default -> "";
        };
    String head = "HTTP/1.1 " + status + " " + reason(status) + "\r\n" + more;
    return (head + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1);
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 405 -> "Method Not Allowed";
      case 407 -> "Proxy Authentication Required";
      case 431 -> "Request Header Fields Too Large";
      case 504 -> "Gateway Timeout";
      default -> "Bad Gateway";
    };
  }

  @Override
  public byte[] granted(SocketAddressBytes local) {
    return "HTTP/1.1 200 Connection established\r\n\r\n".getBytes(ISO_8859_1);
  }

  @Override
  public byte[] refused(TargetRequest.Refusal why) {
    return answer(
        switch (why) {
          case DENIED -> 403;
          case TIMED_OUT -> 504;
          case UNKNOWN_HOST, NETWORK_UNREACHABLE, HOST_UNREACHABLE, REFUSED, FAILED -> 502;
        });
  }
}
