package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Sink;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers of TLS that keep to the protocol's letter only, and strangers between the peers. */
@Tag("slow")
@Timeout(60)
class TlsAbuseTest {
  private static final long PATIENCE_SECONDS = 10;
  private static final int FLOOD = 10_000;
  private static final int RARE = 20;

  /** An alert record of TLS 1.2, as long as an encrypted one, of bytes that no key has made. */
  private static final byte[] FORGED_ALERT = new byte[5 + 26];

  static {
    byte[] header = {21, 3, 3, 0, 26};
    System.arraycopy(header, 0, FORGED_ALERT, 0, header.length);
  }

  private static final ActorSystem<Void> SYSTEM = RelaySystem.create("tls-abuse");

  private RelayHandle relay;
  private CompletionStage<RelayEvent.SessionEnded> sessionEnded;

  @AfterAll
  static void end() {
    SYSTEM.terminate();
  }

  @BeforeEach
  void start() {
    String server = "OPENSSL-LISTEN:0,bind=127.0.0.1,fork,verify=0,cert=%s,key=%s";
    relay =
        Relay.between(
                server.formatted(TlsPeer.file("localhost.crt"), TlsPeer.file("localhost.key")),
                "PIPE")
            .start(SYSTEM);
    sessionEnded =
        relay.events().collectType(RelayEvent.SessionEnded.class).runWith(Sink.head(), SYSTEM);
  }

  @AfterEach
  void stop() throws Exception {
    relay.stop().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private Socket connect() throws Exception {
    InetSocketAddress bound =
        (InetSocketAddress)
            relay.boundAddress().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return new Socket(InetAddress.getLoopbackAddress(), bound.getPort());
  }

  private static SSLSocket secured(Socket plain, String version) throws IOException {
    SSLSocket socket =
        (SSLSocket) TlsPeer.context().getSocketFactory().createSocket(plain, "localhost", 0, false);
    socket.setEnabledProtocols(new String[] {version});
    socket.startHandshake();
    return socket;
  }

  private static void assertEchoes(SSLSocket socket) throws IOException {
    socket.getOutputStream().write('x');
    assertEquals('x', socket.getInputStream().read());
  }

  private Outcome outcome() throws Exception {
    return sessionEnded.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS).outcome();
  }

  /** Another handshake of TLS 1.3 is the wish for new keys on both sides. */
  @Test
  void endsAPeerThatAsksForNewKeysAllTheTime() throws Exception {
    SSLSocket socket = secured(connect(), "TLSv1.3");
    assertEchoes(socket);
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < FLOOD; i++) {
            socket.startHandshake();
          }
        });
    assertEquals(Outcome.FAILED, outcome());
    assertEchoes(secured(connect(), "TLSv1.3"));
  }

  @Test
  void changesKeysNowAndThen() throws Exception {
    SSLSocket socket = secured(connect(), "TLSv1.3");
    for (int i = 0; i < RARE; i++) {
      socket.startHandshake();
      assertEchoes(socket);
    }
    socket.close();
    assertEquals(Outcome.OK, outcome());
  }

  @Test
  void failsWhenAStrangerEndsTheData() throws Exception {
    Socket plain = connect();
    SSLSocket socket = secured(plain, "TLSv1.2");
    assertEchoes(socket);
    plain.getOutputStream().write(FORGED_ALERT);
    plain.shutdownOutput();
    assertEquals(Outcome.FAILED, outcome());
  }

  @Test
  void endsWellWhenThePeerEndsTheData() throws Exception {
    Socket plain = connect();
    SSLSocket socket = secured(plain, "TLSv1.2");
    assertEchoes(socket);
    socket.close();
    plain.close();
    assertEquals(Outcome.OK, outcome());
  }
}
