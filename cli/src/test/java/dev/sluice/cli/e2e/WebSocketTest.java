package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * WebSocket addresses with peers that are not ours: Python's websockets, the JDK's client, nginx.
 */
class WebSocketTest {
  private static final String PYTHON_SERVER =
      """
      import asyncio, sys, websockets
      async def echo(socket, path=None):
          try:
              async for message in socket:
                  if message == b'fail\\n':
                      await socket.close(1011, 'no such thing')
                  else:
                      await socket.send(message)
          finally:
              print('closed', socket.close_code, flush=True)
      async def main():
          async with websockets.serve(echo, '127.0.0.1', int(sys.argv[1]), max_size=None):
              print('ready', flush=True)
              await asyncio.Future()
      asyncio.run(main())
      """;

  @TempDir static Path folder;

  private static Process python;
  private static int pythonPort;
  private static Path pythonLog;

  @BeforeAll
  static void startPython() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/lib/python3/dist-packages/websockets")),
        "python3-websockets is not installed");
    Path script = Files.writeString(folder.resolve("echo.py"), PYTHON_SERVER);
    pythonPort = Server.freePort();
    pythonLog = folder.resolve("python.log");
    python =
        new ProcessBuilder("/usr/bin/python3", script.toString(), pythonPort + "")
            .redirectErrorStream(true)
            .redirectOutput(pythonLog.toFile())
            .start();
    Await.until(() -> log().contains("ready"), WebSocketTest::log);
  }

  @AfterAll
  static void stopPython() {
    if (python != null) {
      python.destroy();
    }
  }

  private static String log() {
    try {
      return Files.readString(pythonLog);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** How many clients have said good-bye to Python's server. */
  private static long normalEnds() {
    return log().lines().filter("closed 1000"::equals).count();
  }

  private static String pythonAddress() {
    return "WS:127.0.0.1:" + pythonPort + "/echo";
  }

  private static Run listening(String address, String right) {
    Run run = Tool.OURS.command("-d0", "-dddd", address, right).start();
    run.awaitLog("listening on");
    return run;
  }

  @Test
  void aServerEchoesAndIsToldOfTheEnd() {
    long before = normalEnds();
    try (Run run = Tool.OURS.command("-", pythonAddress()).openInput().start()) {
      run.send("hello\n");
      run.awaitOutput("hello\n");
      run.endInput();
      assertEquals(0, run.await().status(), run.log());
    }
    Await.until(() -> normalEnds() == before + 1, WebSocketTest::log);
  }

  @Test
  void theServersReasonToCloseIsTold() {
    try (Run run = Tool.OURS.command("-", pythonAddress()).openInput().start()) {
      run.send("fail\n");
      Outcome outcome = run.await();
      assertTrue(outcome.stderr().contains("1011"), outcome.stderr());
      assertTrue(outcome.stderr().contains("no such thing"), outcome.stderr());
      assertEquals(1, outcome.status());
    }
  }

  @Test
  void megabytesComeBackAsTheyWere() throws IOException {
    byte[] data = new byte[20_000_000];
    new Random(7).nextBytes(data);
    Path in = Files.write(folder.resolve("in"), data);
    Path out = folder.resolve("out");
    long before = normalEnds();
    Outcome outcome =
        Tool.OURS
            .command(
                "-t",
                "20",
                "OPEN:" + in + "!!CREATE:" + out,
                pythonAddress() + ",keep-open,readbytes=" + data.length)
            .run();
    assertEquals(0, outcome.status(), outcome.stderr());
    assertEquals(-1, Files.mismatch(in, out));
    // the connection that was kept open is closed at the end, and not just gone
    Await.until(() -> normalEnds() == before + 1, WebSocketTest::log);
  }

  @Test
  void browsersReachTcpServersAtTheSameTime() throws IOException {
    int port = Server.freePort();
    try (Server echo = Server.echo();
        Run run = listening("WS-LISTEN:" + port + "/vnc,fork", echo.address())) {
      WebSocketPeer one = WebSocketPeer.connect("ws://127.0.0.1:" + port + "/vnc");
      WebSocketPeer two = WebSocketPeer.connect("ws://127.0.0.1:" + port + "/vnc");
      one.send("from one");
      two.send("from two");
      one.await("from one|");
      two.await("from two|");
      one.close();
      assertEquals(1000, one.closeCode());
      two.send("!");
      two.await("from two|!|");
      assertTrue(run.isAlive());
    }
  }

  @Test
  void messagesStayDatagrams() throws IOException {
    int port = Server.freePort();
    try (DatagramSocket udp = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Run run = listening("WS-LISTEN:" + port + ",fork", "UDP:127.0.0.1:" + udp.getLocalPort())) {
      WebSocketPeer peer = WebSocketPeer.connect("ws://127.0.0.1:" + port);
      peer.send("one");
      peer.send("two, ", "in two frames");
      peer.send("x".repeat(20_000));
      DatagramPacket packet = receive(udp, "one");
      receive(udp, "two, in two frames");
      receive(udp, "x".repeat(20_000));
      packet.setData("an".getBytes(StandardCharsets.ISO_8859_1));
      udp.send(packet);
      packet.setData("swer".getBytes(StandardCharsets.ISO_8859_1));
      udp.send(packet);
      peer.await("an|swer|");
      assertTrue(run.isAlive());
    }
  }

  private static DatagramPacket receive(DatagramSocket udp, String expected) throws IOException {
    udp.setSoTimeout((int) Await.LIMIT.toMillis());
    DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
    udp.receive(packet);
    assertEquals(
        expected, new String(packet.getData(), 0, packet.getLength(), StandardCharsets.ISO_8859_1));
    return packet;
  }

  @Test
  void strangersAreRefused() throws IOException {
    int port = Server.freePort();
    String address = "WS-LISTEN:" + port + "/in,fork,basic-auth=me:secret,subprotocol=chat";
    String uri = "ws://127.0.0.1:" + port + "/in";
    UnaryOperator<WebSocket.Builder> known =
        builder -> builder.header("Authorization", "Basic bWU6c2VjcmV0").subprotocols("chat");
    try (Run run = listening(address, "PIPE")) {
      assertRefused(uri, builder -> builder.subprotocols("chat"));
      run.awaitLog("refused: wrong credentials, or none");
      assertRefused(uri, builder -> builder.header("Authorization", "Basic bWU6c2VjcmV0"));
      run.awaitLog("refused: no subprotocol of \\[chat\\]");
      assertRefused(uri + "/more", known);
      run.awaitLog("refused: path /in/more is not served");
      assertRefused(uri, builder -> known.apply(builder).header("Origin", "https://evil.example"));
      run.awaitLog("refused: origin https://evil.example may not connect");
      WebSocketPeer peer =
          WebSocketPeer.connect(
              known
                  .apply(HttpClient.newHttpClient().newWebSocketBuilder())
                  .header("Origin", "http://127.0.0.1:" + port),
              uri);
      assertEquals("chat", peer.subprotocol());
      peer.send("let in");
      peer.await("let in|");
    }
  }

  private static void assertRefused(String uri, UnaryOperator<WebSocket.Builder> request) {
    WebSocket.Builder builder = request.apply(HttpClient.newHttpClient().newWebSocketBuilder());
    assertThrows(Throwable.class, () -> WebSocketPeer.connect(builder, uri));
  }

  @Test
  void filesAreServedBeside() throws Exception {
    int port = Server.freePort();
    Path site = Files.createDirectory(folder.resolve("site"));
    Files.writeString(site.resolve("index.html"), "<p>hello</p>");
    Files.createSymbolicLink(site.resolve("out"), pythonLog);
    String uri = "http://127.0.0.1:" + port;
    try (Run run = listening("WS-LISTEN:" + port + "/ws,fork,files=" + site, "PIPE")) {
      HttpResponse<String> page = get(uri + "/");
      assertEquals("<p>hello</p>", page.body());
      assertEquals(List.of("text/html; charset=UTF-8"), page.headers().allValues("content-type"));
      assertEquals(404, get(uri + "/out").statusCode());
      assertEquals(404, get(uri + "/..%2fecho.py").statusCode());
      WebSocketPeer peer = WebSocketPeer.connect("ws://127.0.0.1:" + port + "/ws");
      peer.send("x");
      peer.await("x|");
      assertTrue(run.isAlive());
    }
  }

  private static HttpResponse<String> get(String uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void runsOverTls() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("web", "rsa:2048");
    Path both = folder.resolve("web.pem");
    Files.writeString(
        both, TlsKeys.read(folder.resolve("web.crt")) + TlsKeys.read(folder.resolve("web.key")));
    int port = Server.freePort();
    try (Run run = listening("WSS-LISTEN:" + port + ",fork,verify=0,cert=" + both, "PIPE")) {
      Outcome outcome =
          Tool.OURS
              .command(
                  "-t",
                  "20",
                  "-",
                  "WSS:localhost:"
                      + port
                      + "/x,text,keep-open,readbytes=7,cafile="
                      + folder.resolve("web.crt"))
              .input("secret\n")
              .run();
      assertEquals("secret\n", outcome.stdout(), outcome.stderr() + run.log());
      assertEquals(0, outcome.status());
    }
  }

  @Test
  void runsOverAUnixSocketBehindNginx() throws IOException {
    Programs.assumeInstalled("nginx");
    Path socket = folder.resolve("ws.sock");
    int port = Server.freePort();
    Path settings =
        Files.writeString(
            folder.resolve("nginx.conf"),
            """
            user root; daemon off; pid nginx.pid; error_log stderr;
            events {}
            http {
              access_log off; client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
              uwsgi_temp_path tmp; scgi_temp_path tmp;
              server {
                listen 127.0.0.1:%d;
                location / {
                  proxy_pass http://unix:%s; proxy_http_version 1.1; proxy_set_header Host $http_host;
                  proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;
                }
              }
            }
            """
                .formatted(port, socket));
    Process nginx =
        new ProcessBuilder(
                Programs.find("nginx").orElseThrow().toString(),
                "-p",
                folder.toString(),
                "-c",
                settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    try (Run run = listening("WS-LISTEN:0/chat,fork,over=\"UNIX-LISTEN:" + socket + "\"", "PIPE")) {
      Await.until(() -> RealProxyTest.takesConnections(port), () -> "nginx to listen");
      WebSocketPeer peer = WebSocketPeer.connect("ws://127.0.0.1:" + port + "/chat");
      peer.send("through");
      peer.await("through|");
      peer.close();
      assertEquals(1000, peer.closeCode());
      assertTrue(run.isAlive());
    } finally {
      nginx.destroy();
    }
  }

  @Test
  void aSilentOrWrongServerIsAnError() throws IOException {
    try (Server wrong =
        Server.serving(
            socket ->
                socket
                    .getOutputStream()
                    .write("nonsense\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)))) {
      Outcome outcome = Tool.OURS.command("-", "WS:127.0.0.1:" + wrong.port()).openInput().run();
      assertEquals(1, outcome.status());
      assertTrue(outcome.stderr().contains("E WS:127.0.0.1:"), outcome.stderr());
    }
    try (Server silent = Server.silent()) {
      Outcome outcome =
          Tool.OURS
              .command("-", "WS:127.0.0.1:" + silent.port() + ",connect-timeout=0.1")
              .openInput()
              .run();
      assertEquals(1, outcome.status());
      assertTrue(outcome.stderr().contains("no answer came within"), outcome.stderr());
    }
  }

  @Test
  void theRecipeWorks() {
    try (Server echo = Server.echo()) {
      int port = Server.freePort();
      ConnectorRecipe recipe =
          ConnectorRecipe.of("WebSocket").at(":8080", port).at("localhost:5900", echo.port());
      recipe = recipe.at("LISTEN:8080", port);
      try (Run run = recipe.start(0)) {
        run.awaitLog("listening on");
        assertEquals("hello", recipe.type(1, folder));
      }
    }
  }
}
