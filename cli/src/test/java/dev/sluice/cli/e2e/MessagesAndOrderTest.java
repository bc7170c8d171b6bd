package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What users reported of messages that merged and connections that overtook one another. */
@Timeout(240)
class MessagesAndOrderTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int BURST = 10;
  private static final int BURSTS = 60;
  private static final int PAIRS = 150;
  private static final int PATIENCE_MS = (int) Await.LIMIT.toMillis();

  @TempDir Path folder;

  /** A datagram is a TLS record, and a record is a datagram again: none merge, none are cut. */
  @Test
  void datagramsKeepTheirBoundsThroughTls() throws Exception {
    new TlsKeys(folder).selfSigned("server", "rsa:2048");
    int entry = Server.freePort();
    int tls = Server.freePort();
    try (DatagramSocket receiver = new DatagramSocket(0, HERE);
        DatagramSocket sender = new DatagramSocket(0, HERE);
        Run far =
            Tool.SLUICE
                .command(
                    "-d",
                    "-d",
                    "-u",
                    "OPENSSL-LISTEN:" + tls + ",cert=server.crt,key=server.key,verify=0",
                    "UDP-SENDTO:127.0.0.1:" + receiver.getLocalPort())
                .in(folder)
                .start()) {
      receiver.setSoTimeout(PATIENCE_MS);
      far.awaitLog("listening on");
      try (Run near =
          Tool.SLUICE
              .command(
                  "-d",
                  "-d",
                  "-u",
                  "UDP-RECV:" + entry + ",bind=127.0.0.1",
                  "OPENSSL:localhost:" + tls + ",cafile=server.crt")
              .in(folder)
              .start()) {
        near.awaitLog("starting data transfer");
        far.awaitLog("starting data transfer");
        Random random = new Random(23);
        byte[][] sent = new byte[BURST][];
        byte[] room = new byte[65536];
        for (int burst = 0; burst < BURSTS; burst++) {
          for (int i = 0; i < BURST; i++) {
            sent[i] = new byte[1 + random.nextInt(1400)];
            random.nextBytes(sent[i]);
            sender.send(
                new DatagramPacket(sent[i], sent[i].length, new InetSocketAddress(HERE, entry)));
          }
          for (int i = 0; i < BURST; i++) {
            DatagramPacket got = new DatagramPacket(room, room.length);
            receiver.receive(got);
            assertArrayEquals(sent[i], Arrays.copyOf(room, got.getLength()), "burst " + burst);
          }
        }
      }
    }
  }

  /** Connections reach the server in the order in which their clients were accepted. */
  @Test
  void connectionsDoNotOvertakeOneAnother() throws Exception {
    int port = Server.freePort();
    try (ServerSocket server = new ServerSocket(0, 64, HERE);
        Run run =
            Tool.SLUICE
                .command(
                    "-d",
                    "-d",
                    "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork",
                    "TCP:127.0.0.1:" + server.getLocalPort())
                .start()) {
      server.setSoTimeout(PATIENCE_MS);
      run.awaitLog("listening on");
      for (int pair = 0; pair < PAIRS; pair++) {
        try (Socket first = new Socket(HERE, port);
            Socket second = new Socket(HERE, port)) {
          first.getOutputStream().write(1);
          second.getOutputStream().write(2);
          try (Socket one = server.accept();
              Socket two = server.accept()) {
            assertEquals(1, one.getInputStream().read(), "pair " + pair);
            assertEquals(2, two.getInputStream().read(), "pair " + pair);
          }
        }
      }
    }
  }
}
