package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that say nothing where they should speak first cost no thread each. */
class SilentPeersTest {
  private static final int SILENT = 200;

  /** Threads that there may be more than without peers: pools start some as they are needed. */
  private static final int SOME = SILENT / 2;

  @TempDir private static Path folder;

  private final List<Client> clients = new ArrayList<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    new TlsKeys(folder).selfSigned("rsa", "rsa:2048", "/CN=localhost");
  }

  @AfterEach
  void leave() throws IOException {
    for (Client client : clients) {
      client.close();
    }
  }

  private static Run serve(int port, String left, String options, String right) {
    Run run =
        Tool.OURS
            .command("-dd", left + ":" + port + ",bind=127.0.0.1,fork,backlog=500" + options, right)
            .in(folder)
            .start();
    run.awaitLog("listening on");
    return run;
  }

  private void connectSilently(int port) throws IOException {
    for (int i = 0; i < SILENT; i++) {
      clients.add(new Client(port));
    }
  }

  private static long threads(Run run) throws IOException {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + run.pid() + "/task"))) {
      return tasks.count();
    }
  }

  /** A thread that a silent peer held would stay; one that prepares a session goes again. */
  private static void assertFewThreads(Run run, long before) {
    Await.until(
        () -> threads(run) < before + SOME, () -> "few threads; there were " + before + " before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP-LISTEN    | ,accept-proxy | PROXY UNKNOWN\\r\\nhello       | hello",
        "SOCKS-SERVER  |               | \\4\\2\\0\\120\\1\\2\\3\\4u\\0 | \\0\\133",
        "PROXY-SERVER  |               | GET / HTTP/1.1\\r\\n\\r\\n     | HTTP/1.1 405"
      })
  void clientsThatAreSilent(String left, String options, String question, String answer)
      throws Exception {
    int port = Server.freePort();
    String right = left.equals("TCP-LISTEN") ? "PIPE" : "TARGET";
    try (Run run = serve(port, left, options == null ? "" : options, right)) {
      long before = threads(run);
      connectSilently(port);
      run.awaitLog("accepting connection from", SILENT);
      assertFewThreads(run, before);
      String told = Client.exchange(port, question.translateEscapes());
      assertTrue(told.startsWith(answer.translateEscapes()), told);
    }
  }

  @Test
  void clientsThatShakeNoHands() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "OPENSSL-LISTEN", ",cert=rsa.crt,key=rsa.key,verify=0", "PIPE")) {
      long before = threads(run);
      connectSilently(port);
      run.awaitLog("accepting connection from", SILENT);
      assertFewThreads(run, before);
      Outcome outcome =
          Tool.OURS
              .command("-t10", "-", "OPENSSL:localhost:" + port + ",pf=ip4,verify=0")
              .input("hello\n")
              .run();
      assertTrue(outcome.stdout().equals("hello\n"), outcome::stderr);
    }
  }

  /** The kernel connects, and nobody ever answers. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SOCKS4:127.0.0.1:10.1.2.3:80,socksport=%d",
        "SOCKS5-CONNECT:127.0.0.1:%d:10.1.2.3:80",
        "PROXY:127.0.0.1:10.1.2.3:80,proxyport=%d",
        "OPENSSL:127.0.0.1:%d,verify=0"
      })
  void serversThatAreSilent(String right) throws Exception {
    int port = Server.freePort();
    try (ServerSocket silent = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        Run run = serve(port, "TCP-LISTEN", "", right.formatted(silent.getLocalPort()))) {
      long before = threads(run);
      connectSilently(port);
      run.awaitLog("successfully connected from local address", SILENT);
      assertFewThreads(run, before);
    }
  }

  /** The kernel drops what would connect, as a host that is down does. */
  @ParameterizedTest
  @ValueSource(strings = {"TCP4:localhost:%d", "TCP4:127.0.0.1:%d,bind=127.0.0.1:0"})
  void serversThatDoNotConnect(String right) throws Exception {
    int port = Server.freePort();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Run run = serve(port, "TCP-LISTEN", "", right.formatted(full.getLocalPort()))) {
      for (int i = 0; i < 2; i++) {
        clients.add(new Client(full.getLocalPort())); // a backlog of one has room for two
      }
      long before = threads(run);
      connectSilently(port);
      run.awaitLog("opening connection to AF=2", SILENT);
      assertFewThreads(run, before);
    }
  }

  /** There are 256 threads for look-ups, and 1,024 may wait for one before nobody is accepted. */
  @Test
  void aNameServerThatIsSilent() throws Exception {
    int port = Server.freePort();
    try (NameServer silent = new NameServer();
        Run run =
            serve(
                port,
                "TCP-LISTEN",
                "",
                "TCP4:silent.test:9,res-retrans=1,res-retry=1,res-nsaddr=" + silent.address())) {
      long before = threads(run);
      List<Client> many = new ArrayList<>();
      for (int i = 0; i < 1500; i++) {
        Client client = new Client(port);
        clients.add(client);
        many.add(client);
        assertTrue(threads(run) < before + 256 + SOME, "threads");
      }
      for (Client client : many) {
        client.readAll(); // each look-up ends, and those that were held back come in
      }
    }
  }
}
