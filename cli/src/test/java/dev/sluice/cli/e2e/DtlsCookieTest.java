package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DTLS server has no session for a sender that has not brought a cookie back. */
class DtlsCookieTest {
  /** Of a handshake message in a record. */
  private static final int TYPE = 13;

  private static final int RECORD_NUMBER_END = 10;
  private static final int BODY = TYPE + 12;
  private static final int SERVER_HELLO = 2;
  private static final int HELLO_VERIFY_REQUEST = 3;

  /** Senders, each with a port of its own. */
  private static final int FLOOD = 300;

  private static final int LARGEST = 1 << 16;

  @TempDir private Path folder;
  private final int port = Server.freePort();

  @BeforeEach
  void makeKey() throws Exception {
    new TlsKeys(folder).selfSigned("server", "rsa:2048");
  }

  private Run server() {
    String address =
        "OPENSSL-DTLS-SERVER:" + port + ",bind=127.0.0.1,fork,cert=server.crt,key=server.key";
    Run run = Tool.OURS.command("-d", "-d", "-d", address + ",verify=0", "PIPE").in(folder).start();
    run.awaitLog("listening on UDP");
    return run;
  }

  /** One sender, and its side of the handshake. */
  private final class Sender implements AutoCloseable {
    private final DatagramSocket socket;
    private final SSLEngine engine;

    Sender() throws Exception {
      socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      socket.setSoTimeout((int) Await.LIMIT.toMillis());
      SSLContext context = SSLContext.getInstance("DTLSv1.2");
      context.init(null, null, null);
      engine = context.createSSLEngine("localhost", port);
      engine.setUseClientMode(true);
      engine.beginHandshake();
    }

    byte[] next() throws IOException {
      ByteBuffer packet = ByteBuffer.allocate(LARGEST);
      engine.wrap(ByteBuffer.allocate(0), packet);
      return Arrays.copyOf(packet.array(), packet.position());
    }

    void hears(byte[] packet) throws IOException {
      engine.unwrap(ByteBuffer.wrap(packet), ByteBuffer.allocate(LARGEST));
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    }

    void send(byte[] packet) {
      try {
        socket.send(
            new DatagramPacket(packet, packet.length, InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    byte[] receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    }

    /** The hello that brings the cookie back. */
    byte[] secondHello() throws IOException {
      send(next());
      hears(receive());
      return next();
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static int count(Run run, String what) {
    return Objects.requireNonNull(Path.of("/proc/" + run.pid() + "/" + what).toFile().list())
        .length;
  }

  /** The same hello in two datagrams, cut after so many bytes of its body. */
  private static List<byte[]> cut(byte[] hello, int at) {
    byte[] first = Arrays.copyOf(hello, BODY + at);
    byte[] second = new byte[hello.length - at];
    System.arraycopy(hello, 0, second, 0, BODY);
    System.arraycopy(hello, BODY + at, second, BODY, hello.length - BODY - at);
    second[RECORD_NUMBER_END]++;
    putLengths(first, 0);
    putLengths(second, at);
    return List.of(first, second);
  }

  private static void putLengths(byte[] packet, int offset) {
    ByteBuffer bytes = ByteBuffer.wrap(packet);
    bytes.putShort(TYPE - 2, (short) (packet.length - TYPE));
    bytes.putShort(TYPE + 7, (short) offset);
    bytes.putShort(TYPE + 10, (short) (packet.length - BODY));
  }

  @Test
  void nothingIsKeptOfWhoHasNotAnswered() throws Exception {
    try (Run run = server()) {
      assertServes(run);
      run.awaitIdle();
      int descriptors = count(run, "fd");
      int threads = count(run, "task");
      for (int i = 0; i < FLOOD; i++) {
        try (Sender sender = new Sender()) {
          sender.send("no hello".getBytes(StandardCharsets.US_ASCII));
          byte[] hello = sender.next();
          cut(hello, 40 + i % 40).subList(0, 1 + i % 2).forEach(sender::send);
          sender.send(hello);
          assertEquals(HELLO_VERIFY_REQUEST, sender.receive()[TYPE]);
        }
      }
      assertEquals(descriptors, count(run, "fd"));
      assertEquals(threads, count(run, "task"));
      assertEquals(1, run.log().split("accepting UDP connection", -1).length - 1);
      assertServes(run);
    }
  }

  /** OpenSSL, with and without cutting its hello in pieces. */
  @ParameterizedTest
  @ValueSource(strings = {"-dtls1_2", "-dtls1_2 -mtu 256"})
  void openSslIsServed(String options) throws Exception {
    try (Run run = server()) {
      assertServes(run, options);
    }
  }

  private void assertServes(Run run) throws Exception {
    assertServes(run, "-dtls1_2");
  }

  private void assertServes(Run run, String options) throws Exception {
    String command = "openssl s_client -quiet -connect 127.0.0.1:" + port + " " + options;
    Process client =
        new ProcessBuilder(command.split(" ", -1))
            .redirectError(folder.resolve("client.log").toFile())
            .start();
    try {
      client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      CompletableFuture<byte[]> answer =
          CompletableFuture.supplyAsync(() -> read(client.getInputStream(), 6));
      assertEquals("hello\n", new String(Await.result(answer), StandardCharsets.US_ASCII));
    } finally {
      client.destroyForcibly().waitFor();
    }
    assertTrue(run.isAlive(), run.log());
  }

  private static byte[] read(InputStream from, int count) {
    try {
      return from.readNBytes(count);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aHelloInPiecesIsPutTogether() throws Exception {
    try (Run run = server();
        Sender sender = new Sender()) {
      List<byte[]> pieces = cut(sender.next(), 50);
      sender.send(pieces.get(1));
      sender.send(pieces.get(0));
      sender.hears(sender.receive());
      cut(sender.next(), 60).forEach(sender::send);
      run.awaitLog("accepting UDP connection from .*:" + sender.socket.getLocalPort());
      assertEquals(SERVER_HELLO, sender.receive()[TYPE]);
    }
  }

  @Test
  void aWrongCookieIsAnsweredByTheRightOne() throws Exception {
    try (Run run = server();
        Sender sender = new Sender()) {
      byte[] hello = sender.secondHello();
      byte[] forged = hello.clone();
      int cookie = TYPE + 12 + 34 + 1 + (hello[TYPE + 12 + 34] & 0xff);
      forged[cookie + (hello[cookie] & 0xff)] ^= 1;
      sender.send(forged);
      assertEquals(HELLO_VERIFY_REQUEST, sender.receive()[TYPE]);
      assertFalse(run.log().contains("accepting UDP connection"), run.log());
      sender.send(hello);
      run.awaitLog("accepting UDP connection from .*:" + sender.socket.getLocalPort());
    }
  }

  /** A client that was asked twice counts its hellos, and is understood. */
  @Test
  void aClientMayBeAskedTwice() throws Exception {
    try (Run run = server();
        Sender sender = new Sender()) {
      byte[] second = sender.secondHello();
      byte[] third = second.clone();
      third[RECORD_NUMBER_END]++;
      third[TYPE + 5]++; // the number of the message
      sender.send(third);
      run.awaitLog("accepting UDP connection from .*:" + sender.socket.getLocalPort());
      byte[] answer = sender.receive();
      assertEquals(SERVER_HELLO, answer[TYPE]);
      assertEquals(2, answer[TYPE + 5]);
      assertEquals(2, answer[RECORD_NUMBER_END]);
    }
  }

  /** It says nothing of the sender's address, which may be forged. */
  @Test
  void aCookieIsGoodForOneSender() throws Exception {
    try (Run run = server();
        Sender sender = new Sender();
        Sender thief = new Sender()) {
      byte[] hello = sender.secondHello();
      sender.send(hello);
      run.awaitLog("accepting UDP connection from .*:" + sender.socket.getLocalPort());
      thief.send(hello);
      run.awaitLog("ignoring a ClientHello from .*:" + thief.socket.getLocalPort());
      assertFalse(
          run.log()
              .contains(
                  "accepting UDP connection from AF=2 127.0.0.1:" + thief.socket.getLocalPort()),
          run.log());
    }
  }
}
