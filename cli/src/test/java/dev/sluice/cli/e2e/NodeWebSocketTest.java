package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSocket addresses with node's {@code ws}, the library that most servers and clients use. */
class NodeWebSocketTest {
  private static final String LIBRARY = "/META-INF/resources/webjars/ws/8.18.3/";

  /** Echoes what comes, pings first, and prints what it sees. Closes with 4001 when told. */
  private static final String SERVER =
      """
      const { WebSocketServer } = require("ws");
      const server = new WebSocketServer(
        { host: "127.0.0.1", port: Number(process.argv[2]), handleProtocols: (names) => [...names][0] },
        () => console.log("ready"));
      server.on("connection", (socket, request) => {
        console.log("path", request.url, "protocol", socket.protocol);
        socket.on("pong", (data) => console.log("pong", data.toString()));
        socket.on("close", (code) => console.log("closed", code));
        socket.on("message", (data, binary) => {
          if (data.toString() === "leave\\n") socket.close(4001, "as you say");
          else socket.send(data, { binary });
        });
        socket.ping("are you there");
      });
      """;

  /** Sends a file through an echo, and compares what comes back. */
  private static final String FILE_CLIENT =
      """
      const { WebSocket, createWebSocketStream } = require("ws");
      const sent = require("fs").readFileSync(process.argv[3]);
      const stream = createWebSocketStream(new WebSocket(process.argv[2]));
      const back = [];
      let size = 0;
      stream.on("data", (piece) => {
        back.push(piece);
        size += piece.length;
        if (size >= sent.length) {
          console.log(Buffer.concat(back).equals(sent) ? "same" : "different");
          stream.end();
        }
      });
      for (let at = 0; at < sent.length; at += 60000) stream.write(sent.subarray(at, at + 60000));
      """;

  /** Sends numbered messages, in the pace in which they are taken. */
  private static final String COUNTING_CLIENT =
      """
      const { WebSocket, createWebSocketStream } = require("ws");
      const stream = createWebSocketStream(new WebSocket(process.argv[2]));
      const count = Number(process.argv[3]);
      let next = 0;
      function more() {
        while (next < count) {
          if (!stream.write(String(next++).padStart(99, "0") + "\\n")) return;
        }
        stream.end();
      }
      stream.on("drain", more);
      stream.resume();
      stream.on("close", () => console.log("closed"));
      more();
      """;

  @TempDir static Path modules;
  @TempDir Path folder;

  @BeforeAll
  static void unpackTheLibrary() throws IOException, URISyntaxException {
    URI jar =
        Objects.requireNonNull(NodeWebSocketTest.class.getResource(LIBRARY + "package.json"))
            .toURI();
    Path target = modules.resolve("node_modules/ws");
    try (FileSystem files = FileSystems.newFileSystem(jar, Map.of());
        Stream<Path> all = Files.walk(files.getPath(LIBRARY))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(files.getPath(LIBRARY).relativize(file).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy);
      }
    }
  }

  @BeforeEach
  void assumeNode() {
    Programs.assumeInstalled("node");
  }

  private Process node(String name, String script, String... arguments) throws IOException {
    Path file = Files.writeString(modules.resolve(name + ".js"), script);
    String[] command = new String[arguments.length + 2];
    command[0] = "node";
    command[1] = file.toString();
    System.arraycopy(arguments, 0, command, 2, arguments.length);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log(name).toFile())
        .start();
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private void awaitPrinted(String name, String text) {
    Await.content(log(name), text);
  }

  private byte[] random(Path file, int size) throws IOException {
    byte[] data = new byte[size];
    new Random(size).nextBytes(data);
    Files.write(file, data);
    return data;
  }

  @Test
  void aServerOfNodeEchoesAndClosesWithItsReason() throws Exception {
    int port = Server.freePort();
    Process server = node("server", SERVER, Integer.toString(port));
    try {
      awaitPrinted("server", "ready");
      String address = "WS:127.0.0.1:" + port + "/some/path?x=1,subprotocol=chat";
      Path in = folder.resolve("in");
      Path out = folder.resolve("out");
      random(in, 20_000_000);
      Outcome echoed =
          Tool.OURS
              .command(
                  "-t",
                  "30",
                  "OPEN:" + in + "!!CREATE:" + out,
                  address + ",keep-open,readbytes=20000000")
              .run();
      assertEquals(0, echoed.status(), echoed.stderr());
      assertEquals(-1, Files.mismatch(in, out));
      awaitPrinted("server", "path /some/path?x=1 protocol chat");
      awaitPrinted("server", "pong are you there");

      Outcome left =
          Tool.OURS.command("-t", "30", "-", address + ",text,keep-open").input("leave\n").run();
      assertTrue(left.stderr().contains("4001"), left.stderr());
      assertTrue(left.stderr().contains("as you say"), left.stderr());
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  @Test
  void aClientOfNodeGetsItsFileBack() throws Exception {
    int port = Server.freePort();
    Path file = folder.resolve("file");
    random(file, 20_000_000);
    try (Run run = listening("-dd", "WS-LISTEN:" + port + "/echo,bind=127.0.0.1,fork", "PIPE")) {
      for (int i = 0; i < 2; i++) {
        Process client = node("client", FILE_CLIENT, url(port, "echo"), file.toString());
        awaitPrinted("client", "same");
        assertEquals(0, client.waitFor());
      }
      assertTrue(run.isAlive());
    }
  }

  @Test
  void manySmallMessagesKeepTheirOrder() throws Exception {
    int port = Server.freePort();
    Path out = folder.resolve("out");
    try (Run run =
        listening("-dd", "-u", "WS-LISTEN:" + port + "/in,bind=127.0.0.1", "CREATE:" + out)) {
      Process client = node("client", COUNTING_CLIENT, url(port, "in"), "100000");
      assertEquals(0, run.await().status(), run.log());
      awaitPrinted("client", "closed");
      assertEquals(0, client.waitFor());
    }
    int next = 0;
    for (String line : Files.readAllLines(out)) {
      assertEquals(next++, Integer.parseInt(line));
    }
    assertEquals(100_000, next);
  }

  private static Run listening(String... arguments) {
    Run run = Tool.OURS.command(arguments).start();
    run.awaitLog("listening on");
    return run;
  }

  private static String url(int port, String path) {
    return "ws://127.0.0.1:" + port + "/" + path;
  }
}
