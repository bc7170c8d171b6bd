package dev.sluice.addresses;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.os.NativeError;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.RelayExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * What strangers send before data flow, in relays that run: each connection ends, with an error
 * that is one, and no thread throws.
 */
@Tag("slow")
class DialogueFuzzTest {
  private static final int TRIES = 200;
  private static final int PATIENCE_MILLIS = (int) RelayExtension.PATIENCE.toMillis();
  private static final String LISTEN = "TCP-LISTEN:0,bind=127.0.0.1,fork";
  private static final Queue<Throwable> THROWN = new ConcurrentLinkedQueue<>();
  private static final Map<String, Integer> PORTS = new ConcurrentHashMap<>();
  private static final Map<String, Corpus> CORPORA = new ConcurrentHashMap<>();
  private static Thread.@Nullable UncaughtExceptionHandler before;
  private static @Nullable ActorSystem<Void> system;
  private static @Nullable ServerSocket server;
  private static volatile byte[] answer = {};

  @BeforeContainer
  static void begin() throws IOException {
    before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> THROWN.add(failure));
    system = ActorSystem.create(Behaviors.empty(), "fuzz", RelaySystem.config());
    ServerSocket made = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server = made;
    Thread answers = new Thread(() -> answerAll(made), "server");
    answers.setDaemon(true);
    answers.start();
  }

  @AfterContainer
  static void end() throws IOException {
    if (system != null) {
      system.terminate();
    }
    if (server != null) {
      server.close();
    }
    PORTS.clear();
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  /** Answers each client with the present input. */
  private static void answerAll(ServerSocket listening) {
    while (!listening.isClosed()) {
      try (Socket peer = listening.accept()) {
        peer.setSoTimeout(PATIENCE_MILLIS);
        peer.getOutputStream().write(answer);
        peer.shutdownOutput();
        peer.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // the relay has left
      }
    }
  }

  /** What is told as a session's cause is meant for users. */
  private static void look(RelayEvent event) {
    if (event instanceof RelayEvent.SessionEnded ended) {
      ended
          .outcome()
          .cause()
          .filter(
              cause ->
                  !(cause instanceof OpenFailure
                      || cause instanceof NativeError
                      || cause instanceof EndpointFailure
                      || cause instanceof IOException))
          .ifPresent(THROWN::add);
    }
  }

  private static int port(String left, String right) {
    return PORTS.computeIfAbsent(
        left + " " + right,
        words -> {
          RelayHandle relay =
              Relay.between(left, right)
                  .watchedBy(DialogueFuzzTest::look)
                  .start(java.util.Objects.requireNonNull(system));
          return ((InetSocketAddress) RelayExtension.await(relay.boundAddress())).getPort();
        });
  }

  private static byte[] input(String corpus, long number) {
    return CORPORA.computeIfAbsent(corpus, Corpus::new).input(number);
  }

  private static void check(byte[] input) {
    Throwable thrown = THROWN.poll();
    if (thrown != null) {
      throw new AssertionError("input " + Corpus.line(input), thrown);
    }
  }

  /** Sends, ends the output, and reads to the end. */
  private static void talk(int port, byte[] sent, byte[] input) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(sent);
      socket.shutdownOutput();
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection stands still: input " + Corpus.line(input), e);
    } catch (IOException e) {
      return; // a reset is an end as well
    }
  }

  private static void asClient(String corpus, long seed, String left, String right) {
    int port = port(left, right);
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] input = input(corpus, seed + i);
      talk(port, input, input);
      check(input);
    }
  }

  private static void asServer(String corpus, long seed, String right) {
    int port =
        port(LISTEN, right.formatted(java.util.Objects.requireNonNull(server).getLocalPort()));
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] input = input(corpus, seed + i);
      answer = input;
      talk(port, new byte[] {'x'}, input);
      check(input);
    }
  }

  /** Names are asked of a port where nobody is. */
  private static String target() {
    return "TARGET,connect-timeout=1,res-retry=1,res-retrans=1,res-nsaddr=127.0.0.1:1";
  }

  private static String keys() {
    return ",verify=0,cert="
        + TlsPeer.file("localhost.crt")
        + ",key="
        + TlsPeer.file("localhost.key");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void proxyProtocol(@ForAll long seed) {
    asClient("proxy-protocol", seed, LISTEN + ",accept-proxy", "PIPE");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void socksServer(@ForAll long seed) {
    asClient(
        "socks-request", seed, "SOCKS-SERVER:0,bind=127.0.0.1,fork,allow=127.0.0.0/8", target());
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void httpServer(@ForAll long seed) {
    asClient(
        "http-request", seed, "PROXY-SERVER:0,bind=127.0.0.1,fork,allow=127.0.0.0/8", target());
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void clientHello(@ForAll long seed) {
    asClient("client-hello", seed, "OPENSSL-LISTEN:0,bind=127.0.0.1,fork" + keys(), "PIPE");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void serverHello(@ForAll long seed) {
    asServer("client-hello", seed, "OPENSSL:127.0.0.1:%d,verify=0");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void socks4Client(@ForAll long seed) {
    asServer("socks-answer", seed, "SOCKS4:127.0.0.1:10.1.2.3:80,socksport=%d");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void socks4aClient(@ForAll long seed) {
    asServer("socks-answer", seed, "SOCKS4A:127.0.0.1:a.test:80,socksport=%d");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void socks5Client(@ForAll long seed) {
    asServer("socks-answer", seed, "SOCKS5-CONNECT:127.0.0.1:%d:10.1.2.3:80");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void httpClient(@ForAll long seed) {
    asServer("http-answer", seed, "PROXY:127.0.0.1:10.1.2.3:80,proxyport=%d");
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
  void dtlsRecords(@ForAll long seed) throws IOException {
    int port =
        port("OPENSSL-DTLS-SERVER:0,bind=127.0.0.1,fork,handshake-timeout=1" + keys(), "PIPE");
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] input = input("dtls-record", seed + i);
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.send(
            new DatagramPacket(input, input.length, InetAddress.getLoopbackAddress(), port));
      }
      check(input);
    }
  }
}
