package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One connection between standard streams, files and TCP. */
class TcpRelayTest {
  private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  @Test
  void carriesStandardInputToTcpAndTheAnswerBack() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  try (Server server = Server.echo()) {
                    return tool.command("-", server.address()).input("hello\n").run();
                  }
                })
            .same();
    assertEquals("hello\n", outcome.stdout());
    assertEquals("", outcome.stderr());
  }

  @Test
  void resolvesAHostName() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.echo()) {
                return tool.command("-d", "-d", "-", "tcp4:localhost:" + server.port())
                    .input("x")
                    .run();
              }
            })
        .same();
  }

  @Test
  void connectsOverIpv6() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server =
                  Server.serving(InetAddress.getByAddress(IPV6_LOOPBACK), 0, Server::sendBack)) {
                return tool.command("-d", "-d", "-", "TCP6:[::1]:" + server.port())
                    .input("six\n")
                    .run();
              }
            })
        .same();
  }

  @Test
  void listensOnIpv6() {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              try (Run run = tool.command("-d", "-d", "-6", "TCP-LISTEN:" + port, "PIPE").start()) {
                run.awaitLog("listening on AF=10");
                String answer = Client.exchange(port, "six\n");
                return run.await().observing(answer);
              }
            })
        .same();
  }

  @Test
  void servesOneConnectionAndEnds() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  int port = Server.freePort();
                  try (Run run =
                      tool.command("-d", "-d", "TCP-LISTEN:" + port + ",bind=127.0.0.1", "PIPE")
                          .start()) {
                    run.awaitLog("listening on");
                    String answer = Client.exchange(port, "once\n");
                    return run.await().observing(answer);
                  }
                })
            .same();
    assertEquals("once\n", outcome.observed());
  }

  @Test
  void relaysOnlyLeftToRightWithU() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server = Server.answeringAfterEof(q -> "not wanted".getBytes(US_ASCII))) {
                return tool.command("-d", "-d", "-u", "-", server.address()).input("x").run();
              }
            })
        .same();
  }

  @Test
  void relaysOnlyRightToLeftWithBigU() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server =
                  Server.serving(
                      c -> c.getOutputStream().write("from the right\n".getBytes(US_ASCII)))) {
                return tool.command("-d", "-d", "-U", "-", server.address())
                    .input("not sent")
                    .run();
              }
            })
        .same();
  }

  @Test
  void carriesHundredMegabytesFromFileToFile() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> {
                  Path source = folder.resolve("source");
                  writeRandom(source, 100);
                  int port = Server.freePort();
                  try (Run receiver =
                      tool.command(
                              "-d",
                              "-d",
                              "-u",
                              "TCP-LISTEN:" + port + ",bind=127.0.0.1",
                              "OPEN:copy,creat,trunc")
                          .in(folder)
                          .start()) {
                    receiver.awaitLog("listening on");
                    Outcome sender =
                        tool.command("-u", "OPEN:source", "TCP:127.0.0.1:" + port).in(folder).run();
                    Outcome received = receiver.await();
                    assertEquals(0, sender.status(), sender.stderr());
                    assertEquals(sha256(source), sha256(folder.resolve("copy")), tool.label());
                    return received.observing(sender.stderr());
                  }
                })
            .same();
    assertEquals(0, outcome.status());
  }

  @Test
  void honoursTheBlockSize() {
    SideBySide.play(
            (tool, folder) -> {
              Path source = folder.resolve("source");
              Files.write(source, new byte[10_000]);
              return tool.command("-b3000", "-x", "-u", "OPEN:source", "PIPE").in(folder).run();
            })
        .same();
  }

  @Test
  void reportsARefusedConnection() {
    SideBySide.play((tool, folder) -> tool.command("-d", "-d", "-", "TCP:127.0.0.1:1").run())
        .same();
  }

  @Test
  void reportsAnAddressInUse() {
    SideBySide.play(
            (tool, folder) -> {
              try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                return tool.command(
                        "-d", "-d", "TCP-LISTEN:" + taken.getLocalPort() + ",bind=127.0.0.1", "-")
                    .run();
              }
            })
        .same();
  }

  @Test
  void reportsAnUnknownHost() {
    SideBySide.play((tool, folder) -> tool.command("-", "TCP:no.such.host.invalid:80").run())
        .onlyLines("known|resolution")
        .same();
  }

  @Test
  void reportsAConnectionResetByThePeer() {
    SideBySide.play(
            (tool, folder) -> {
              try (Server server =
                      Server.serving(
                          c -> {
                            c.getInputStream().read();
                            c.setSoLinger(true, 0);
                          });
                  Run run = tool.command("-", server.address()).openInput().start()) {
                run.send("x");
                return run.await();
              }
            })
        .same();
  }

  private static void writeRandom(Path file, int megabytes) throws IOException {
    byte[] block = new byte[1 << 20];
    Random random = new Random(42);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < megabytes; i++) {
        random.nextBytes(block);
        out.write(block);
      }
    }
  }

  private static String sha256(Path file) throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
