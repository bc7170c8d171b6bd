package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is served when access files say so. */
class AccessFilesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALL: 127.0.0.2 | ALL: ALL",
        "socat: 127.0.0.1 | ALL: ALL",
        "other: ALL | ALL: ALL",
        "# nothing | # nothing",
        "ALL: ALL EXCEPT 127.0.0.1 | ALL: ALL",
        "ALL: 127. | ALL: ALL",
        "ALL: 127.0.0.0/255.0.0.0 | ALL: ALL",
        "ALL: 128.0.0.0/255.0.0.0 | ALL: ALL",
        "ALL: 127.0.0.* | ALL: ALL",
        "# nothing | socat: 127.0.0.1",
        "# nothing | socat: ALL EXCEPT 127.0.0.1",
        "socat, other: 10.0.0.1, 127.0.0.1 | ALL: ALL"
      })
  void servesWhomTheFilesLetIn(String allow, String deny) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              Files.writeString(Path.of(folder.toString(), "hosts.allow"), allow.strip() + "\n");
              Files.writeString(Path.of(folder.toString(), "hosts.deny"), deny.strip() + "\n");
              String listen = "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork,tcpwrap-etc=" + folder;
              try (Run server = tool.command("-dd", listen, "SYSTEM:echo served").start()) {
                server.awaitLog("listening on");
                String got;
                try {
                  got = Client.exchange(port, "");
                } catch (java.net.SocketException e) {
                  got = "";
                }
                return server.stop("TERM").observing(got);
              }
            })
        .onlyLines("tcpwrapper")
        .same();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tcpwrap=mine,allow-table=a,deny-table=d | mine: ALL",
        "tcpwrap=mine,allow-table=a,deny-table=d | socat: ALL",
        "tcpwrap,hosts-allow=a,hosts-deny=d | socat: ALL",
        "allow-table=a,deny-table=d | socat: 127.0.0.1",
        "allow-table=a,deny-table=missing | # nothing",
        "allow-table=missing,deny-table=d | # nothing"
      })
  void findsRulesInTheTablesThatOptionsName(String options, String allow) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              Files.writeString(folder.resolve("a"), allow + "\n");
              Files.writeString(folder.resolve("d"), "ALL: ALL\n");
              String listen = "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork," + options;
              try (Run server =
                  tool.command("-ddd", listen, "SYSTEM:echo served").in(folder).start()) {
                server.awaitLog("listening on");
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
                  server.awaitLog(
                      "(permitting|refusing) connection from .*" + client.getLocalPort());
                }
                return server.stop("TERM");
              }
            })
        .onlyLines("tcpwrapper")
        .same();
  }

  /** Two packets of strangers, and one of who is let in. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UDP4-RECVFROM:%d,fork",
        "UDP4-RECVFROM:%d",
        "UDP4-RECV:%d",
        "UDP4-LISTEN:%d,fork",
        "UDP4-DATAGRAM:127.0.0.1:9,bind=:%d"
      })
  void servesDatagramsOfWhomTheFilesLetIn(String address, @TempDir Path folder) throws Exception {
    int port = Server.freePort();
    Files.writeString(folder.resolve("a"), "ALL: 127.0.0.3, .nowhere.test\n");
    Files.writeString(folder.resolve("d"), "ALL: ALL\n");
    String receive = String.format(address, port) + ",allow-table=a,deny-table=d";
    try (Run server =
        Tool.OURS.command("-ddd", "-u", receive, "SYSTEM:cat >>got").in(folder).start()) {
      server.awaitLog("(listening|receiving) |starting data transfer");
      for (int sender = 1; sender <= 3; sender++) {
        String from = "UDP4-SENDTO:127.0.0.1:" + port + ",bind=127.0.0." + sender;
        Tool.OURS.command("-u", "-", from).input("from " + sender).run();
        String verdict = sender == 3 ? "permitting" : "refusing";
        server.awaitLog(verdict + " connection from AF=2 127.0.0." + sender + ":.* tcpwrapper");
      }
      Path got = folder.resolve("got");
      Await.until(
          () -> Files.exists(got) && Files.readString(got).equals("from 3"),
          () -> "the third packet alone");
    }
  }

  /** Its access file is a pipe that says nothing yet, which stands for a slow name server. */
  @ParameterizedTest
  @ValueSource(strings = {"UDP4-LISTEN", "UDP4-RECVFROM"})
  void aSlowVerdictHoldsUpNoOtherSender(String address, @TempDir Path folder) throws Exception {
    Path table = folder.resolve("a");
    assertEquals(0, new ProcessBuilder("mkfifo", table.toString()).start().waitFor());
    Files.writeString(folder.resolve("d"), "ALL: ALL\n");
    int port = Server.freePort();
    String listen = address + ":" + port + ",bind=127.0.0.1,fork,allow-table=a,deny-table=d";
    try (Run server = Tool.OURS.command("-ddd", listen, "PIPE").in(folder).start();
        DatagramSocket slow = new DatagramSocket();
        DatagramSocket other = new DatagramSocket()) {
      server.awaitLog("(listening|receiving) on");
      send(slow, port, "slow");
      try (OutputStream pipe = Await.result(opened(table))) { // so its table is being read
        Files.move(table, folder.resolve("away"));
        Files.writeString(table, "ALL: ALL\n");
        send(other, port, "other");
        assertEquals("other", receive(other));
        send(slow, port, "again");
        pipe.write("ALL: ALL\n".getBytes(StandardCharsets.US_ASCII));
      }
      String echoed = receive(slow);
      if (echoed.length() < "slowagain".length()) { // a pipe may join them
        echoed += receive(slow);
      }
      assertTrue(Set.of("slowagain", "againslow").contains(echoed), echoed);
    }
  }

  private static CompletableFuture<OutputStream> opened(Path pipe) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.newOutputStream(pipe);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void send(DatagramSocket from, int port, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
  }

  private static String receive(DatagramSocket on) throws IOException {
    on.setSoTimeout((int) Await.LIMIT.toMillis());
    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
    on.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
  }
}
