package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command lines of the manual that need networks: between namespaces, by their numbers in the
 * list of {@link ManualExamplesTest}.
 */
class ManualNetworkExamplesTest {
  @TempDir private Path folder;

  private static Run in(NetworkNamespace where, String... arguments) {
    return Tool.OURS
        .command(arguments)
        .after("set -- \"$0\" \"$@\"; exec ip netns exec " + where.name() + " \"$@\"")
        .openInput()
        .start();
  }

  @Test
  void n04ForwardsWhomItsRangeLetsInAndSpeaksFromItsAddress() {
    try (NetworkNamespace net = new NetworkNamespace()) {
      for (String address :
          new String[] {"10.7.0.1/8", "10.7.0.2/8", "10.7.0.3/8", "192.0.2.1/24"}) {
        net.ip("addr", "add", address, "dev", "lo");
      }
      try (Run target =
              in(net, "-dd", "TCP4-LISTEN:80,bind=10.7.0.3,fork", "SYSTEM:echo $SOCAT_PEERADDR");
          Run relay =
              in(
                  net,
                  "-dd",
                  "TCP4-LISTEN:80,bind=10.7.0.1,reuseaddr,fork,su=nobody,range=10.0.0.0/8",
                  "TCP4:10.7.0.3:80,bind=10.7.0.2")) {
        target.awaitLog("listening on");
        relay.awaitLog("listening on");
        for (int i = 0; i < 3; i++) {
          try (Run client = in(net, "-", "TCP4:10.7.0.1:80,bind=10.7.0.3")) {
            assertEquals("10.7.0.2\n", client.await().stdout());
          }
        }
        try (Run stranger = in(net, "-", "TCP4:10.7.0.1:80,bind=192.0.2.1")) {
          assertEquals("", stranger.await().stdout());
        }
        relay.awaitLog("refusing connection from AF=2 192.0.2.1");
      }
    }
  }

  @Test
  void n21BroadcastsAndHearsTheReplies() {
    broadcasts("UDP4-DATAGRAM:10.98.0.255:123,sp=123,broadcast,range=10.98.0.0/24");
  }

  @Test
  void n22DoesTheSameWithNumbers() {
    broadcasts(
        "SOCKET-DATAGRAM:2:2:17:x007bx0a6200ffx0000000000000000,"
            + "bind=x007bx00000000x0000000000000000,setsockopt-int=1:6:1,"
            + "range=x0000x0a620000x0000000000000000:x0000xffffff00x0000000000000000");
  }

  private void broadcasts(String address) {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run server = in(right, "-dd", "UDP4-RECVFROM:123,broadcast,fork", "SYSTEM:echo time")) {
        server.awaitLog("receiving on");
        try (Run client = in(left, "-", address)) {
          client.send("what time is it?\n");
          client.awaitOutput("time\n");
        }
      }
    }
  }

  /** Two namespaces joined by a pair of interfaces, 10.98.0.1 and 10.98.0.2. */
  private static void join(NetworkNamespace left, NetworkNamespace right) {
    left.ip("link", "add", "left", "type", "veth", "peer", "right", "netns", right.name());
    left.ip("addr", "add", "10.98.0.1/24", "brd", "+", "dev", "left");
    right.ip("addr", "add", "10.98.0.2/24", "brd", "+", "dev", "right");
    left.ip("link", "set", "left", "up");
    right.ip("link", "set", "right", "up");
    left.ip("route", "add", "default", "dev", "left");
    right.ip("route", "add", "default", "dev", "right");
  }

  @Test
  void n23SendsRawPacketsToAll() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run hearer = in(right, "-dd", "-u", "IP4-RECV:44,broadcast", "-");
          Run sender =
              in(left, "-dd", "-", "IP4-DATAGRAM:255.255.255.255:44,broadcast,range=10.0.0.0/8")) {
        hearer.awaitLog("starting data transfer");
        sender.awaitLog("starting data transfer");
        sender.send("raw\n");
        hearer.awaitOutput("raw\n");
      }
    }
  }

  @Test
  void n24TwoMembersOfAGroupHearEachOther() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      String address = "UDP4-DATAGRAM:224.255.0.1:6666,bind=:6666,ip-add-membership=224.255.0.1:";
      try (Run one = in(left, "-dd", "-", address + "left");
          Run other = in(right, "-dd", "-", address + "right")) {
        one.awaitLog("starting data transfer");
        other.awaitLog("starting data transfer");
        one.send("from one\n");
        other.awaitOutput("from one\n");
        other.send("from the other\n");
        one.awaitOutput("from the other\n");
      }
    }
  }

  @Test
  void n25CarriesAPing() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/ping")) || Files.isExecutable(Path.of("/bin/ping")),
        "no ping");
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run far = in(right, "-dd", "TCP-L:4443,reuseaddr", "TUN:192.168.255.2/24,up")) {
        far.awaitLog("listening on");
        try (Run near = in(left, "-dd", "TCP:10.98.0.2:4443", "TUN:192.168.255.1/24,up")) {
          near.awaitLog("starting data transfer");
          far.awaitLog("starting data transfer");
          String ping = left.exec("ping", "-c", "1", "-w", "30", "192.168.255.2");
          assertTrue(ping.contains("1 received"), ping);
        }
      }
    }
  }

  @Test
  void n26PutsThePacketsOfAnInterfaceOnATerminal() {
    Path link = folder.resolve("tty");
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run run = in(left, "-dd", "PTY,link=" + link + ",rawer", "INTERFACE:left")) {
        run.awaitLog("starting data transfer");
        try (Run terminal = Tool.OURS.command("-x", "-u", link + ",rawer", "/dev/null").start();
            Run sender = in(right, "-u", "-", "INTERFACE:right")) {
          sender.send("\2\0\0\0\0\2\2\0\0\0\0\1\210\265packet" + "-".repeat(50));
          terminal.awaitLog("88 b5 70 61 63 6b 65 74");
        }
      }
    }
  }
}
