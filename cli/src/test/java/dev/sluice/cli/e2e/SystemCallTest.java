package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which system calls move the bytes, as strace(1) sees them. */
class SystemCallTest {
  private static final int BULK = 32 * 1024 * 1024;

  /** Longer than a session's new socket is looked at for datagrams of others. */
  private static final long SETTLING_NANOS = 150_000_000;

  @TempDir private Path folder;

  /** What strace saw of those calls while the relay ran. */
  private List<String> trace(Run relay, String calls, Traffic traffic) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "no strace here");
    Path log = folder.resolve("trace");
    Process strace =
        new ProcessBuilder(
                "strace",
                "-f",
                "-e",
                "trace=" + calls,
                "-o",
                log.toString(),
                "-p",
                "" + relay.pid())
            .redirectErrorStream(true)
            .start();
    byte[] attached = strace.getInputStream().readNBytes(6);
    assumeTrue(attached.length == 6, "strace may not look at the relay");
    traffic.run();
    strace.destroy();
    strace.waitFor();
    return Files.readAllLines(log);
  }

  /** What goes through the relay while it is watched. */
  private interface Traffic {
    void run() throws Exception;
  }

  /** Nobody can connect between bind(2) and listen(2), so no name is looked up there. */
  @Test
  void theOwnerOfAUnixSocketIsKnownBeforeItIsBound() throws Exception {
    Path strace = Path.of("/usr/bin/strace");
    assumeTrue(Files.isExecutable(strace), "no strace here");
    Path log = folder.resolve("trace");
    String address =
        "UNIX-LISTEN:"
            + folder.resolve("socket")
            + ",mode=0660,group=daemon,user=nobody,accept-timeout=0.1";
    new Tool("strace", strace)
        .command(
            "-f",
            "-e",
            "trace=bind,listen,openat",
            "-o",
            log.toString(),
            Tool.OURS.program().toString(),
            address,
            "PIPE")
        .run();
    String trace = Files.readString(log);
    int bound = trace.indexOf("bind(");
    int listening = trace.indexOf("listen(", bound);
    assumeTrue(bound >= 0 && listening > bound, "strace may not look at the relay");
    int lookedUp = trace.lastIndexOf("/etc/group");
    assertTrue(lookedUp >= 0 && lookedUp < bound, trace);
    assertFalse(trace.substring(bound, listening).contains("/etc/"), trace);
  }

  private static long count(List<String> trace, String call) {
    return trace.stream().filter(line -> line.contains(call + "(")).count();
  }

  @Test
  void bulkGoesThroughTheKernelAlone() throws Exception {
    int port = Server.freePort();
    try (Server server = Server.serving(c -> c.getOutputStream().write(new byte[BULK]));
        Run relay =
            Tool.OURS
                .command("-d", "-d", "TCP-LISTEN:" + port + ",fork", server.address())
                .start()) {
      relay.awaitLog("listening on");
      List<String> trace =
          trace(
              relay,
              "splice,write,sendto",
              () -> assertEquals(BULK, Client.exchange(port, "").length()));
      long copied =
          trace.stream()
              .filter(line -> line.contains("write(") && line.contains("\\0\\0\\0"))
              .count();
      assertTrue(count(trace, "splice") > 0, () -> String.join("\n", trace));
      assertTrue(copied <= 32, copied + " blocks of about 500 were copied");
    }
  }

  @Test
  void datagramsGoInBatches() throws Exception {
    List<Integer> lengths = IntStream.rangeClosed(2, 100).boxed().toList();
    List<String> trace = relayed(lengths);
    assertTrue(count(trace, "recvmmsg") > 0 && count(trace, "sendmmsg") > 0);
    assertTrue(
        count(trace, "sendmmsg") <= 99, "more calls than datagrams: " + count(trace, "sendmmsg"));
  }

  @Test
  void datagramsOfOneLengthGoAsOneAndArriveAlone() throws Exception {
    List<String> trace = relayed(Collections.nCopies(99, 64));
    assertTrue(count(trace, "sendmsg") > 0, () -> String.join("\n", trace));
  }

  /** Sends datagrams of these lengths through a relay; what it called meanwhile. */
  private List<String> relayed(List<Integer> lengths) throws Exception {
    int port = Server.freePort();
    try (DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Run relay =
            Tool.OURS
                .command(
                    "-d",
                    "-d",
                    "UDP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                    "UDP:127.0.0.1:" + target.getLocalPort())
                .start()) {
      relay.awaitLog("listening on");
      client.connect(InetAddress.getLoopbackAddress(), port);
      long settled = System.nanoTime() + SETTLING_NANOS;
      do { // until then the relay looks at the sender of each
        send(client, 1);
        assertEquals(1, receive(target));
      } while (System.nanoTime() < settled);
      return trace(
          relay,
          "recvmmsg,sendmmsg,sendmsg",
          () -> {
            lengths.forEach(length -> send(client, length));
            assertEquals(
                lengths,
                lengths.stream().map(length -> receive(target)).toList(),
                "each datagram by itself, in order");
          });
    }
  }

  private static void send(DatagramSocket socket, int length) {
    try {
      socket.send(new DatagramPacket(new byte[length], length));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int receive(DatagramSocket socket) {
    try {
      socket.setSoTimeout(20_000);
      DatagramPacket packet = new DatagramPacket(new byte[1000], 1000);
      socket.receive(packet);
      return packet.getLength();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
