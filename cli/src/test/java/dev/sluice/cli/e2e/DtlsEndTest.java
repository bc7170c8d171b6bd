package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What DTLS has on its way when its sender ends arrives at a peer that reads late: after the sender
 * has ended.
 */
class DtlsEndTest {
  private static final int SIZE = 6 * 8192; // what a socket's buffer holds

  @TempDir private Path folder;
  private byte[] data = {};

  @BeforeEach
  void make() throws Exception {
    assumeTrue(Tool.peer().isPresent(), "no socat 1.8 to talk to");
    new TlsKeys(folder).selfSigned("server", "rsa:2048");
    assertEquals(0, new ProcessBuilder("mkfifo", folder + "/late").start().waitFor());
    data = new byte[SIZE];
    new Random(5).nextBytes(data);
    Files.write(folder.resolve("data"), data);
  }

  @Test
  void aServerThatReadsLateGetsEverything() throws Exception {
    int port = Server.freePort();
    try (Run server = peer("-dd", "-u", server(port), "OPEN:late,wronly")) {
      server.awaitLog("listening on UDP");
      Outcome client =
          Tool.OURS.command("-u", "OPEN:data", client(port)).in(folder).start().await();
      assertEquals(0, client.status(), client.stderr());
      assertArrayEquals(data, Files.readAllBytes(folder.resolve("late")));
      assertEquals(0, server.await().status());
    }
  }

  @Test
  void aClientThatReadsLateGetsEverything() throws Exception {
    int port = Server.freePort();
    try (Run server =
        Tool.OURS.command("-dd", "-U", server(port), "OPEN:data").in(folder).start()) {
      server.awaitLog("listening on UDP");
      try (Run client = peer("-u", client(port), "OPEN:late,wronly")) {
        assertEquals(0, server.await().status());
        assertArrayEquals(data, Files.readAllBytes(folder.resolve("late")));
        assertEquals(0, client.await().status());
      }
    }
  }

  private Run peer(String... arguments) {
    return Tool.peer().orElseThrow().command(arguments).in(folder).start();
  }

  private static String server(int port) {
    return "OPENSSL-DTLS-SERVER:"
        + port
        + ",bind=127.0.0.1,cert=server.crt,key=server.key,verify=0";
  }

  private static String client(int port) {
    return "OPENSSL-DTLS-CLIENT:localhost:" + port + ",pf=ip4,cafile=server.crt";
  }
}
