package dev.sluice.addresses.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.DialogueGreeting;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.addresses.socket.PeerFilter;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.addresses.socket.StreamListener;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.ForwardingListener;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.TargetRequest;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A listener whose clients say first what they want to be connected with. It listens on the
 * loopback interface unless told otherwise, and nowhere else for just anybody.
 */
public final class ProxyServer extends ForwardingListener {
  /** What a proxy and its clients say to each other. */
  interface Protocol {
    /**
     * Hears what a client wants. Fails with an {@link OpenFailure} when that can't be; the client
     * has been told.
     */
    CompletionStage<Asked> ask(Dialogue dialogue);
  }

  /** What the client is told in the end, in its own version of the protocol. */
  interface Answers {
    /**
     * The client has what it asked for.
     *
     * @param local where the connection to the target comes from
     */
    byte[] granted(SocketAddressBytes local);

    byte[] refused(TargetRequest.Refusal why);
  }

  /**
   * What a client has asked for.
   *
   * @param host as {@link #host} gives it
   */
  record Asked(String host, int port, Answers answers) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,255}");
    private static final Pattern IP6 = Pattern.compile("[0-9A-Fa-f]*:[0-9A-Fa-f:.]*");
    private static final int LONGEST_IP6 = 45;

    /**
     * The host that a client asks for, as rules, log and resolver take it: a name or an IPv4
     * address, or an IPv6 address in brackets. Null when it is none of them: rules for names would
     * take other characters for a part of a name, and the resolver or the log for something else.
     */
    static @Nullable String host(String text) {
      boolean inBrackets = text.startsWith("[") && text.endsWith("]");
      String bare = inBrackets ? text.substring(1, text.length() - 1) : text;
      if (IP6.matcher(bare).matches() && bare.length() <= LONGEST_IP6) {
        return "[" + bare + "]";
      }
      return !inBrackets && NAME.matcher(text).matches() ? text : null;
    }

    String target() {
      return host + ":" + port;
    }
  }

  /** How long a client waits for the answer to a wrong password: who guesses gets few tries. */
  static final Duration WRONG_PASSWORD = Duration.ofSeconds(1);

  private final OpenContext context;
  private final Protocol protocol;
  private final TargetRules rules;

  private ProxyServer(
      Listener listener, OpenContext context, Protocol protocol, TargetRules rules) {
    super(listener);
    this.context = context;
    this.protocol = protocol;
    this.rules = rules;
  }

  /** Listens for clients that speak SOCKS 4, 4a or 5. */
  public static CompletionStage<Listener> socks(OpenContext context) {
    return open(context, ProxyServer::socksLogin, login -> new SocksServing(login, context));
  }

  /** Listens for clients that ask with the CONNECT method of HTTP. */
  public static CompletionStage<Listener> http(OpenContext context) {
    return open(
        context, HttpConnect::authorization, login -> new HttpServing(login, name(context)));
  }

  private static String name(OpenContext context) {
    return context.address().type().descriptor().keyword();
  }

  private static CompletionStage<Listener> open(
      OpenContext context,
      Function<OpenContext, @Nullable String> login,
      Function<@Nullable String, Protocol> serving) {
    StreamKind kind = StreamKind.TCP_ANY;
    String port = context.parameter(0);
    int family = HostPort.family(context.options(), kind.family());
    String loopback = family == SocketAddressBytes.AF_INET6 ? "[::1]" : "127.0.0.1";
    int listening =
        family == 0 && !context.options().has(SocketOptions.BIND)
            ? SocketAddressBytes.AF_INET
            : family;
    return context.blocking(
        () -> {
          String credentials = login.apply(context);
          SocketAddressBytes local =
              HostPort.resolveLocal(
                  context,
                  context.options().get(SocketOptions.BIND, loopback),
                  port,
                  listening,
                  kind.type(),
                  kind.protocol());
          boolean here = TargetPlace.plain(local.host()).isLoopbackAddress();
          refuseOpenProxy(context, local, here || credentials != null);
          return new ProxyServer(
              StreamListener.onAddress(context, local, kind.type(), kind.protocol()),
              context,
              serving.apply(credentials),
              TargetRules.of(context.options(), here));
        });
  }

  private static void refuseOpenProxy(
      OpenContext context, SocketAddressBytes local, boolean isGuarded) {
    Options options = context.options();
    boolean isLimited =
        options.has(ProxyOptions.ALLOW)
            || options.has(RelayOptions.RANGE)
            || PeerFilter.tablesRefuse(context);
    if (!isGuarded && !isLimited) {
      throw OpenFailure.lasting(
          name(context)
              + ": would connect anybody who reaches "
              + local
              + " with anything: give allow, range or a password; allow=* if that is meant");
    }
  }

  private static @Nullable String socksLogin(OpenContext context) {
    String user = context.options().find(ProxyOptions.SOCKSUSER).orElse(null);
    String password = context.options().find(ProxyOptions.SOCKSPASS).orElse(null);
    if ((user == null) != (password == null)) {
      throw OpenFailure.lasting(
          name(context) + ": options socksuser and sockspass must be given together");
    }
    return user == null ? null : user + ":" + password;
  }

  /** Whether what a client gives is the login; takes the same time for any of a length. */
  static boolean isLogin(String login, String given) {
    return MessageDigest.isEqual(login.getBytes(ISO_8859_1), given.getBytes(ISO_8859_1));
  }

  @Override
  protected Channel setUp(Channel channel) {
    Endpoint endpoint = (Endpoint) channel; // its listener is one of sockets
    return endpoint.greeting(
        new DialogueGreeting(context, name(context)) {
          @Override
          protected CompletionStage<Endpoint> speak(
              Endpoint client, Dialogue dialogue, RelayLog log) {
            return protocol.ask(dialogue).thenApply(asked -> heard(asked, client, log));
          }
        });
  }

  private Endpoint heard(Asked asked, Endpoint endpoint, RelayLog log) {
    Request request = new Request(asked, endpoint, log);
    log.notice("%s: client asks for %s", name(context), asked.target());
    if (!rules.mayPermit(asked.host(), asked.port())) {
      request.refused(TargetRequest.Refusal.DENIED);
      throw OpenFailure.retryable(name(context) + ": " + asked.target() + " is denied to clients");
    }
    return endpoint.request(request);
  }

  /** What one client has asked for. */
  private final class Request implements TargetRequest {
    private final Asked asked;
    private final Endpoint endpoint;
    private final RelayLog log;

    Request(Asked asked, Endpoint endpoint, RelayLog log) {
      this.asked = asked;
      this.endpoint = endpoint;
      this.log = log;
    }

    @Override
    public String host() {
      return asked.host();
    }

    @Override
    public int port() {
      return asked.port();
    }

    @Override
    public boolean permits(SocketAddressBytes address) {
      return rules.permits(asked.host(), address);
    }

    @Override
    public void granted(SocketAddressBytes local) {
      answer(asked.answers().granted(local));
    }

    @Override
    public void refused(Refusal why) {
      try {
        answer(asked.answers().refused(why));
      } catch (NativeError | OpenFailure e) {
        log.debug("the client is gone already: %s", e);
      }
    }

    /** Fits the buffer of a connection that carried nothing else yet, so it is not waited for. */
    private void answer(byte[] bytes) {
      int fd = Dialogue.fdOf(endpoint).number();
      int n = LibC.write(fd, NativeBuffer.of(bytes), 0, bytes.length);
      if (n != bytes.length) {
        throw new NativeError("write(" + fd + ")", n < 0 ? -n : Errno.EAGAIN);
      }
    }
  }
}
