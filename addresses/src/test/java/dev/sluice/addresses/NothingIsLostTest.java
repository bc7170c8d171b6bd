package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written arrives, however late the peer reads and however the session ends. */
@Timeout(120)
class NothingIsLostTest {
  private static final int SMALL_WINDOW = 8192;
  private static final int PAUSE_MILLIS = 1000;
  private static final int SIZE = 1_500_000;

  /** A terminal holds that much before anybody reads it: 11,776 bytes at least in Linux 6.18. */
  private static final int LATE = 8_000;

  private static final byte[] UNWANTED = new byte[1000];

  @RegisterExtension final RelayExtension relays = new RelayExtension();
  @TempDir Path folder;

  private static RelayHandle started(RelayExtension relays, String left, String right) {
    RelaySettings oneWay = RelaySettings.DEFAULT.toBuilder().rightToLeft(false).build();
    return relays.start(Relay.between(left, right).with(oneWay));
  }

  private Path file(int size) throws IOException {
    return Files.write(folder.resolve("data"), new byte[size]);
  }

  /** Waits until a process has read one of its files to its end. */
  private static void awaitRead(Path file) throws IOException {
    String position = "pos:\t" + Files.size(file) + "\n";
    while (!isOpenAt(file, position)) {
      Thread.onSpinWait();
    }
  }

  /** Whether one of this process's descriptors of the file stands there; true once it is closed. */
  private static boolean isOpenAt(Path file, String position) throws IOException {
    boolean open = false;
    try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path fd : all) {
        try {
          if (Files.readSymbolicLink(fd).equals(file.toRealPath())) {
            open = true;
            if (Files.readString(Path.of("/proc/self/fdinfo").resolve(fd.getFileName()))
                .contains(position)) {
              return true;
            }
          }
        } catch (IOException e) {
          // it was closed meanwhile
        }
      }
    }
    return !open;
  }

  /** Sends what nobody wants, and counts what comes only once the relay has read all its data. */
  private static CompletableFuture<Long> countingLate(
      ServerSocket listener, Path data, Runnable beforeReading) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket connection = listener.accept()) {
            connection.setSoTimeout((int) RelayExtension.PATIENCE.toMillis());
            connection.getOutputStream().write(UNWANTED);
            awaitRead(data);
            beforeReading.run();
            return connection.getInputStream().transferTo(OutputStream.nullOutputStream());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2", ""})
  void aServerThatReadsLateGetsEverything(String tls) throws Exception {
    Path data = file(SIZE);
    try (ServerSocket listener =
        tls.isEmpty()
            ? new ServerSocket()
            : TlsPeer.context().getServerSocketFactory().createServerSocket()) {
      listener.setReceiveBufferSize(SMALL_WINDOW);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CompletableFuture<Long> received = countingLate(listener, data, () -> {});
      String port = ":" + listener.getLocalPort();
      RelayHandle relay =
          started(
              relays,
              "OPEN:" + data,
              tls.isEmpty()
                  ? "TCP:127.0.0.1" + port
                  : "OPENSSL:localhost"
                      + port
                      + ",pf=ip4,verify=0,openssl-max-proto-version="
                      + tls.replace("TLSv", "TLS"));
      assertEquals(SIZE, RelayExtension.await(received));
      assertEquals(0, RelayExtension.await(relay.ended()).status());
    }
  }

  /**
   * The end is told to a TLS peer that had no room for it at once, while its own direction goes on.
   * Whether there is room depends on the size.
   */
  @Test
  void aTlsPeerThatReadsLateHearsTheEnd() throws Exception {
    RelaySettings patient =
        RelaySettings.DEFAULT.toBuilder().halfCloseTimeout(Duration.ofHours(1)).build();
    try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket listener = TlsPeer.context().getServerSocketFactory().createServerSocket()) {
      listener.setReceiveBufferSize(SMALL_WINDOW);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      for (int size = 2_000; size < 40_000; size += 2_000) {
        String tls = "OPENSSL:127.0.0.1:" + listener.getLocalPort() + ",verify=0,sndbuf=2048";
        relays.start(Relay.between("TCP:127.0.0.1:" + plain.getLocalPort(), tls).with(patient));
        try (Socket client = plain.accept();
            SSLSocket server = (SSLSocket) listener.accept()) {
          server.setSoTimeout((int) RelayExtension.PATIENCE.toMillis());
          CompletableFuture<Void> greeted = CompletableFuture.runAsync(() -> greet(server));
          client.getOutputStream().write(new byte[size]);
          client.shutdownOutput();
          RelayExtension.await(greeted);
          awaitEndRead(client);
          assertEquals(size, server.getInputStream().readAllBytes().length);
        }
      }
    }
  }

  private static void greet(SSLSocket socket) {
    try {
      socket.startHandshake();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits until the peer of a connection has read all data and their end, or has closed: see
   * proc_net_tcp.
   */
  private static void awaitEndRead(Socket connection) throws IOException {
    String peer =
        ":%04X [0-9A-F]{8}:%04X ".formatted(connection.getPort(), connection.getLocalPort());
    Pattern waiting = Pattern.compile(peer + "(?!08 [0-9A-F]{8}:00000000)");
    long end = System.nanoTime() + RelayExtension.PATIENCE.toNanos();
    while (waiting.matcher(Files.readString(Path.of("/proc/self/net/tcp"))).find()) {
      assertTrue(System.nanoTime() - end < 0, "the data or their end are not read");
    }
  }

  /** The close of a master throws away what its terminal has not been read. */
  @Test
  void aTerminalThatIsReadLateGivesEverything() throws Exception {
    Path link = folder.resolve("line");
    RelayHandle relay =
        started(relays, "TCP-LISTEN:0,bind=127.0.0.1", "PTY,raw,echo=0,link=" + link);
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), relays.port(relay))) {
      while (!Files.exists(link)) {
        Thread.onSpinWait();
      }
      try (InputStream terminal = Files.newInputStream(link)) {
        client.getOutputStream().write(new byte[LATE]);
        client.shutdownOutput();
        awaitEndRead(client);
        for (int i = 0; i < LATE; i++) {
          assertTrue(terminal.read() >= 0, "the end after " + i + " bytes"); // slower than a close
        }
      }
    }
    assertEquals(0, RelayExtension.await(relay.ended()).status());
  }

  /**
   * A reset that has come behind data, before anything was read, is told once they are delivered.
   */
  @Test
  void aResetBehindDataIsTold() throws Exception {
    Path pipe = folder.resolve("pipe");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      RelayHandle relay =
          relays.start("TCP:127.0.0.1:" + listener.getLocalPort(), "OPEN:" + pipe + ",wronly");
      try (Socket server = listener.accept()) {
        // a reset that is faster than the connect would be the connect's
        relays.events(relay).expectMessageClass(RelayEvent.SessionStarted.class);
        server.getOutputStream().write("answer".getBytes(US_ASCII));
        server.setSoLinger(true, 0);
      }
      // only now is there somebody to read the pipe, so that the session begins
      assertEquals("answer", Files.readString(pipe));
      assertEquals(1, RelayExtension.await(relay.ended()).status());
    }
  }

  /** What is left unread because of readbytes must not reset what the peer has still to take. */
  @Test
  void aPeerOfWhomNotAllIsReadGetsEverything() throws Exception {
    Path data = file(SIZE);
    CompletableFuture<RelayHandle> started = new CompletableFuture<>();
    try (ServerSocket listener = new ServerSocket()) {
      listener.setReceiveBufferSize(SMALL_WINDOW);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      CompletableFuture<Long> received =
          countingLate(listener, data, () -> awaitTooEarlyAnEnd(started.join()));
      RelayHandle relay =
          relays.start(
              "OPEN:" + data + ",rdonly!!CREATE:" + folder.resolve("none"),
              "TCP:127.0.0.1:" + listener.getLocalPort() + ",readbytes=10");
      started.complete(relay);
      assertEquals(SIZE, RelayExtension.await(received));
      assertEquals(0, RelayExtension.await(relay.ended()).status());
      assertEquals(10, Files.size(folder.resolve("none")));
    }
  }

  @Test
  void aProgramThatReadsLateGetsEverything() throws Exception {
    Path data = file(150_000);
    Path go = folder.resolve("go");
    Path count = folder.resolve("count");
    RelayHandle relay =
        relays.start(
            "OPEN:" + data + ",rdonly!!CREATE:" + folder.resolve("none"),
            "SYSTEM:'until [ -e " + go + " ]; do :; done; exec wc -c >" + count + "'");
    awaitRead(data);
    Files.createFile(go);
    assertEquals(0, RelayExtension.await(relay.ended()).status());
    assertEquals("150000", Files.readString(count).strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",crnl"})
  void readbytesEndsTheDataAtOnce(String streams) throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CompletableFuture<String> seen = new CompletableFuture<>();
    try (TestServer silent =
            TestServer.serving(
                connection -> {
                  connection.getOutputStream().write(new byte[] {'1', '2', '3', '4'});
                  try {
                    over.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                });
        TestServer reader =
            TestServer.serving(
                connection ->
                    seen.complete(
                        new String(connection.getInputStream().readAllBytes(), US_ASCII)))) {
      relays.start(silent.address() + ",readbytes=4" + streams, reader.address());
      assertEquals("1234", RelayExtension.await(seen));
      over.countDown();
    }
  }

  @Test
  void readbytesOfAProgramEndsTheDataAtOnce() {
    Path out = folder.resolve("out");
    RelayHandle relay =
        started(relays, "SYSTEM:'printf 1234; exec cat'," + "readbytes=4", "CREATE:" + out);
    assertEquals(0, RelayExtension.await(relay.ended()).status());
  }

  @Test
  void whatAStopCutsOffMakesTheSessionFail() throws Exception {
    CountDownLatch connected = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    try (TestServer server =
        TestServer.serving(
            connection -> {
              connected.countDown();
              try {
                over.await();
              } catch (InterruptedException e) {
                throw new IOException(e);
              }
            })) {
      RelayHandle relay =
          relays.start("TCP-LISTEN:0,bind=127.0.0.1,fork", server.address() + ",sndbuf=20000");
      TestProbe<RelayEvent> events = relays.events(relay);
      int port = relays.port(relay);
      try (SocketChannel client =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
        connected.await();
        fill(client);
        relay.stop();
        RelayEvent event = events.receiveMessage(RelayExtension.PATIENCE);
        while (!(event instanceof RelayEvent.SessionEnded)) {
          event = events.receiveMessage(RelayExtension.PATIENCE);
        }
        Outcome outcome = ((RelayEvent.SessionEnded) event).outcome();
        assertTrue(outcome.error(), "the loss is told: " + outcome);
      } finally {
        over.countDown();
      }
    }
  }

  /** Gives the relay the time to end before the peer has taken everything, as it must not. */
  private static void awaitTooEarlyAnEnd(RelayHandle relay) {
    try {
      relay.ended().toCompletableFuture().get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // it waits for the peer
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Sends until the relay takes nothing any more. */
  private static void fill(SocketChannel client) throws IOException {
    client.configureBlocking(false);
    try (Selector selector = Selector.open()) {
      client.register(selector, SelectionKey.OP_WRITE);
      while (selector.select(PAUSE_MILLIS) > 0) {
        selector.selectedKeys().clear();
        client.write(ByteBuffer.allocate(SMALL_WINDOW));
      }
    }
  }
}
