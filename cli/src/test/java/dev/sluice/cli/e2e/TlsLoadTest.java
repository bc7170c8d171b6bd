package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.testkit.TcpTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TLS listener with many clients, silent ones, and such as speak no TLS or a broken one. */
class TlsLoadTest {
  private static final int CLIENTS = 500;
  private static final int SILENT = 50;
  private static final int HELLOS = 3000;
  private static final int AT_ONCE = 10;

  @TempDir private static Path folder;

  private static SSLContext trusting;

  @BeforeAll
  static void makeKeys() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("server", "ec -pkeyopt ec_paramgen_curve:prime256v1");
    trusting = keys.trusting("server.crt");
  }

  private static Run serve(int port, String options) {
    Run run =
        Tool.OURS
            .command(
                "-dd",
                "OPENSSL-LISTEN:"
                    + port
                    + ",bind=127.0.0.1,backlog=512,fork,cert=server.crt,key=server.key,verify=0"
                    + options,
                "PIPE")
            .in(folder)
            .start();
    run.awaitLog("listening on");
    return run;
  }

  private static long descriptors(Run run) {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + run.pid() + "/fd"))) {
      return open.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long threads(Run run) {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + run.pid() + "/task"))) {
      return all.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Socket plain(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static SSLSocket client(int port) throws IOException {
    SSLSocket socket =
        (SSLSocket) trusting.getSocketFactory().createSocket(plain(port), "localhost", port, true);
    socket.startHandshake();
    return socket;
  }

  private static void echo(SSLSocket socket, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    socket.getOutputStream().write(bytes);
    assertEquals(
        text,
        new String(socket.getInputStream().readNBytes(bytes.length), StandardCharsets.US_ASCII));
  }

  /** The descriptors that the listener has once the first client has come and gone. */
  private static long warm(Run run, int port) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (SSLSocket first = client(port)) {
        echo(first, "hello");
      }
      run.awaitLog("exiting with status 0", i + 1);
    }
    Await.until(() -> sockets(run) <= 1, () -> "the first clients' descriptors to be closed");
    return descriptors(run);
  }

  private static long sockets(Run run) throws IOException {
    List<String> own = inodes(run);
    return TcpTable.rows().filter(row -> own.contains(row.inode())).count();
  }

  private static List<String> inodes(Run run) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + run.pid() + "/fd"))) {
      return open.map(TlsLoadTest::target)
          .filter(target -> target.startsWith("socket:["))
          .map(target -> target.substring(8, target.length() - 1))
          .toList();
    }
  }

  /** Nothing when it was closed meanwhile. */
  private static String target(Path fd) {
    try {
      return Files.readSymbolicLink(fd).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static void assertLeavesNothing(Run run, long before) {
    Await.until(
        () -> descriptors(run) <= before,
        () -> descriptors(run) + " descriptors to become " + before);
  }

  @Test
  void fiveHundredClientsAtOnce() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "")) {
      long before = warm(run, port);
      List<CompletableFuture<List<SSLSocket>>> groups = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        groups.add(
            Background.call(
                "clients",
                () -> {
                  List<SSLSocket> some = new ArrayList<>();
                  for (int j = 0; j < CLIENTS / AT_ONCE; j++) {
                    some.add(client(port));
                  }
                  return some;
                }));
      }
      List<SSLSocket> all = new ArrayList<>();
      for (CompletableFuture<List<SSLSocket>> group : groups) {
        all.addAll(group.join());
      }
      for (int i = 0; i < all.size(); i++) {
        echo(all.get(i), "client " + i);
      }
      Await.until(
          () -> descriptors(run) >= before + CLIENTS,
          () -> descriptors(run) + " descriptors, not " + (before + CLIENTS));
      assertTrue(threads(run) < CLIENTS, "a session that has shaken hands holds no thread");
      for (SSLSocket socket : all) {
        socket.close();
      }
      assertLeavesNothing(run, before);
    }
  }

  @Test
  void silentClientsEndInTime() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, ",handshake-timeout=1")) {
      long before = warm(run, port);
      List<Socket> silent = new ArrayList<>();
      for (int i = 0; i < SILENT; i++) {
        silent.add(plain(port));
      }
      for (Socket socket : silent) {
        assertEquals(-1, socket.getInputStream().read());
        socket.close();
      }
      run.awaitLog(" E SSL_accept\\(\\): no answer within 1.0 seconds", SILENT);
      assertLeavesNothing(run, before);
      try (SSLSocket next = client(port)) {
        echo(next, "next");
      }
    }
  }

  /** A ClientHello as JSSE writes it. */
  private static byte[] hello() throws Exception {
    SSLEngine engine = trusting.createSSLEngine("localhost", 443);
    engine.setUseClientMode(true);
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    return Arrays.copyOf(record.array(), record.position());
  }

  private static byte[] mutated(byte[] hello, Random random) {
    byte[] bytes = hello.clone();
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(4) == 0 ? random.nextInt(60) : random.nextInt(bytes.length);
      bytes[at] = (byte) random.nextInt(256);
    }
    return random.nextInt(3) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static void say(int port, byte[] bytes) {
    try (Socket socket = plain(port)) {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // A reset is one of the ends that a broken hello may have.
      System.getLogger(TlsLoadTest.class.getName()).log(System.Logger.Level.DEBUG, "reset", e);
    }
  }

  @Test
  void mutatedHellosLeaveTheListenerAlive() throws Exception {
    long seed = Long.getLong("sluice.seed", System.nanoTime());
    System.out.println("mutated ClientHellos: -Dsluice.seed=" + seed);
    byte[] hello = hello();
    int port = Server.freePort();
    try (Run run = serve(port, "")) {
      long before = warm(run, port);
      List<CompletableFuture<Boolean>> groups = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(seed + i);
        groups.add(
            Background.call(
                "hellos",
                () -> {
                  for (int j = 0; j < HELLOS / 4; j++) {
                    say(port, mutated(hello, random));
                  }
                  return true;
                }));
      }
      groups.forEach(CompletableFuture::join);
      try (SSLSocket next = client(port)) {
        echo(next, "next");
      }
      assertLeavesNothing(run, before);
    }
  }

  @Test
  void truncatedRecordsEndTheirSessionAlone() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "")) {
      long before = warm(run, port);
      byte[][] pieces = {
        {23, 3, 3, 0, 100, 1, 2, 3}, // the start of a record
        {23, 3, 3, 0, 4, 1, 2, 3, 4}, // a record too short for its tag
        {23, 3, 3, 127, 127, 0}, // too long for a record
        {99, 0, 0, 0, 0}, // no record
        {}, // nothing
      };
      for (byte[] piece : pieces) {
        try (Socket socket = plain(port)) {
          SSLSocket secure =
              (SSLSocket)
                  trusting.getSocketFactory().createSocket(socket, "localhost", port, false);
          secure.startHandshake();
          echo(secure, "hello");
          socket.getOutputStream().write(piece);
          socket.shutdownOutput();
          socket.getInputStream().readAllBytes();
        }
      }
      run.awaitLog(" W the peer has ended the connection without close_notify", 2);
      run.awaitLog(" E SSL_read\\(\\): ", 3);
      assertLeavesNothing(run, before);
      try (SSLSocket next = client(port)) {
        echo(next, "next");
      }
    }
  }
}
