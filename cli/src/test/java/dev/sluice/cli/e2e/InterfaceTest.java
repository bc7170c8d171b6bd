package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Network interfaces, in network namespaces of the test's own. */
class InterfaceTest {

  private static void join(NetworkNamespace left, NetworkNamespace right) {
    left.ip("link", "add", "left", "type", "veth", "peer", "name", "right", "netns", right.name());
    left.ip("link", "set", "left", "up");
    right.ip("link", "set", "right", "up");
    left.ip("addr", "add", "10.99.0.1/24", "dev", "left");
    right.ip("addr", "add", "10.99.0.2/24", "dev", "right");
  }

  private static Run in(NetworkNamespace where, String... arguments) {
    return in(Tool.OURS, where, arguments);
  }

  private static Run in(Tool tool, NetworkNamespace where, String... arguments) {
    return tool.command(arguments)
        .after("set -- \"$0\" \"$@\"; exec ip netns exec " + where.name() + " \"$@\"")
        .openInput()
        .start();
  }

  @Test
  void carriesPacketsThroughTwoTunnels() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run far =
              in(right, "-dd", "TUN:10.98.0.2/24,up,iff-no-pi,tun-name=far", "UDP-LISTEN:5555");
          Run echo = in(right, "-dd", "UDP-RECVFROM:7,fork", "PIPE")) {
        far.awaitLog("listening on");
        echo.awaitLog("receiving on");
        try (Run near =
            in(
                left,
                "-dd",
                "TUN:10.98.0.1/24,up,iff-no-pi,tun-name=near,interface-mtu=1400,noarp",
                "UDP:10.99.0.2:5555")) {
          near.awaitLog("starting data transfer");
          String link = left.ip("addr", "show", "near");
          assertTrue(link.contains("mtu 1400"), link);
          assertTrue(link.contains("inet 10.98.0.1/24"), link);
          assertTrue(link.matches("(?s).*<[^>]*NOARP[^>]*UP.*"), link);
          try (Run client = in(left, "-", "UDP:10.98.0.2:7,shut-none")) {
            client.send("through the tunnel\n");
            client.awaitOutput("through the tunnel\n");
          }
        }
        assertFalse(left.ip("link", "show").contains("near"));
      }
    }
  }

  /** TLS has records, but no packets: one read of it may bring many, and each is one again. */
  @Test
  void carriesPacketsThroughTls(@TempDir Path folder) throws Exception {
    new TlsKeys(folder).selfSigned("k", "rsa:2048");
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      String keys = "cert=" + folder.resolve("k.crt") + ",key=" + folder.resolve("k.key");
      try (Run far =
              in(
                  right,
                  "-dd",
                  "TUN:10.98.0.2/24,up,iff-no-pi,tun-name=far",
                  "OPENSSL-LISTEN:5555,pf=ip4,verify=0," + keys);
          Run echo = in(right, "-dd", "UDP4-LISTEN:7", "PIPE")) {
        far.awaitLog("listening on");
        echo.awaitLog("listening on");
        try (Run near =
            in(
                left,
                "-dd",
                "TUN:10.98.0.1/24,up,iff-no-pi,tun-name=near",
                "OPENSSL:10.99.0.2:5555,verify=0")) {
          near.awaitLog("starting data transfer");
          far.awaitLog("starting data transfer");
          try (Run client = in(left, "-", "UDP:10.98.0.2:7,shut-none")) {
            for (int i = 0; i < 100; i++) {
              client.send("packet " + i + "\n");
            }
            client.awaitOutput("(?s)packet 0\n.*packet 99\n");
          }
        }
      }
    }
  }

  private static int descriptors(Run run) throws IOException {
    return Objects.requireNonNull(Path.of("/proc/" + run.pid() + "/fd").toFile().list()).length;
  }

  /** Each client's session fails once its socket of packets is there. */
  @Test
  void anInterfaceThatCannotBeSetUpIsClosed() throws Exception {
    int port = Server.freePort();
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      left.ip("link", "set", "lo", "up");
      String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
      try (Run relay = in(left, "-d", "-d", listen, "INTERFACE:left,interface-mtu=1")) {
        relay.awaitLog("listening on");
        int first = 0;
        for (int client = 1; client <= 5; client++) {
          try (Run refused = in(left, "-U", "-", "TCP:127.0.0.1:" + port)) {
            refused.await();
          }
          relay.awaitLog("childdied", client);
          first = first == 0 ? descriptors(relay) : first;
        }
        int most = first;
        Await.until(() -> descriptors(relay) <= most, () -> "descriptors are left open");
      }
    }
  }

  @Test
  void readsFramesAndGivesTheInterfaceItsFlagsBack() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run reader =
          in(right, "-dd", "-x", "-u", "INTERFACE:right,promisc,retrieve-vlan", "-")) {
        reader.awaitLog("starting data transfer");
        assertTrue(right.ip("link", "show", "right").contains("PROMISC"));
        try (Run writer = in(left, "-u", "-", "INTERFACE:left")) {
          writer.send(frame());
          writer.endInput();
          writer.await();
        }
        reader.awaitLog("02 00 00 00 00 02 02 00 00 00 00 01 81 00 00 07 88 b5 68 65 6c 6c");
        reader.stop("TERM");
      }
      assertFalse(right.ip("link", "show", "right").contains("PROMISC"));
    }
  }

  /** A frame with VLAN tag 7, padded to the least length. */
  private static String frame() {
    return "\2\0\0\0\0\2\2\0\0\0\0\1\201\0\0\7\210\265hello" + "-".repeat(45);
  }

  @Test
  void opensAddressesInAnotherNamespace() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run server =
          Tool.OURS
              .command(
                  "--experimental",
                  "-dd",
                  "UDP4-RECVFROM:77,ip-pktinfo,netns=" + left.name(),
                  "SYSTEM:echo $SOCAT_IP_IF $SOCAT_PEERADDR")
              .start()) {
        server.awaitLog("receiving on");
        try (Run client =
            Tool.OURS
                .command("--experimental", "-", "UDP4:10.99.0.1:77,shut-none,netns=" + right.name())
                .openInput()
                .start()) {
          client.send("x");
          client.awaitOutput("left 10.99.0.2\n");
        }
      }
    }
  }

  @Test
  void programsLiveInAnotherNamespaceAndWeDoNot() throws IOException {
    try (NetworkNamespace other = new NetworkNamespace()) {
      other.ip("link", "add", "in-there", "type", "veth", "peer", "its-twin");
      int port = Server.freePort();
      try (Run relay =
          Tool.OURS
              .command(
                  "--experimental",
                  "-dd",
                  "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                  "SYSTEM:ip -br link,netns=" + other.name())
              .start()) {
        relay.awaitLog("listening on");
        Path ours = Path.of("/proc/" + relay.pid() + "/ns/net");
        Path before = Files.readSymbolicLink(ours);
        for (int i = 0; i < 3; i++) {
          String seen = Client.exchange(port, "");
          assertTrue(seen.contains("in-there"), seen);
        }
        assertEquals(before, Files.readSymbolicLink(ours));
      }
    }
  }

  @Test
  void multicastsReachWhoJoined() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      for (String join :
          new String[] {
            "ip-add-membership=224.1.2.3:right",
            "ip-add-membership=224.1.2.3:10.99.0.2",
            "ip-add-membership=224.1.2.3:10.99.0.2:right",
            "ip-add-source-membership=224.1.2.3:10.99.0.2:10.99.0.1"
          }) {
        try (Run receiver = in(right, "-dd", "-u", "UDP4-RECV:6666," + join, "-")) {
          receiver.awaitLog("starting data transfer");
          try (Run sender =
              in(
                  left,
                  "-u",
                  "SYSTEM:printf mc",
                  "UDP4-DATAGRAM:224.1.2.3:6666,ip-multicast-if=10.99.0.1")) {
            sender.await();
          }
          receiver.awaitOutput("mc");
        }
      }
      try (Run receiver = in(right, "-dd", "-u", "UDP4-RECV:6667", "-")) {
        receiver.awaitLog("starting data transfer");
        try (Run sender =
            in(left, "-u", "SYSTEM:printf bc", "UDP4-DATAGRAM:10.99.0.255:6667,broadcast")) {
          sender.await();
        }
        receiver.awaitOutput("bc");
      }
    }
  }

  /** As {@link #join}, over IPv6; addresses are there at once, without a search for duplicates. */
  private static void joinOverIpv6(NetworkNamespace left, NetworkNamespace right) {
    join(left, right);
    left.ip("addr", "add", "fd99::1/64", "dev", "left", "nodad");
    right.ip("addr", "add", "fd99::2/64", "dev", "right", "nodad");
  }

  private static void sendOnce(NetworkNamespace from, String address) {
    try (Run sender = in(from, "-u", "SYSTEM:printf packet", address)) {
      assertEquals(0, sender.await().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ipv6-join-group=[ff05::1234]:right",
        "ipv6-add-membership=[ff05::1234]:right",
        "ipv6-join-source-group=[ff05::1234]:right:[fd99::1]"
      })
  void multicastsReachWhoJoinedOverIpv6(String join) {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      joinOverIpv6(left, right);
      try (Run receiver = in(right, "-dd", "-u", "UDP6-RECV:6666," + join, "-")) {
        receiver.awaitLog("starting data transfer");
        sendOnce(left, "UDP6-DATAGRAM:[ff05::1234]:6666,bind=[fd99::1],so-bindtodevice=left");
        receiver.awaitOutput("packet");
      }
    }
  }

  @Test
  void hearsNoOtherSourceThanTheOneJoined() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      joinOverIpv6(left, right);
      left.ip("addr", "add", "fd99::3/64", "dev", "left", "nodad");
      String join = "ipv6-join-source-group=[ff05::1234]:right:[fd99::1]";
      try (Run receiver = in(right, "-dd", "-u", "UDP6-RECV:6666," + join, "-")) {
        receiver.awaitLog("starting data transfer");
        String group = "UDP6-DATAGRAM:[ff05::1234]:6666,so-bindtodevice=left,bind=";
        sendOnce(left, group + "[fd99::3]");
        sendOnce(left, group + "[fd99::1]");
        receiver.awaitOutput("packet");
        assertEquals("packet", receiver.stop("TERM").stdout());
      }
    }
  }

  @Test
  void servesANetworkOfIpv6Alone() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      joinOverIpv6(left, right);
      try (Run server =
          in(right, "-dd", "TCP6-LISTEN:7777,fork,range=[fd99::]/64", "SYSTEM:echo served")) {
        server.awaitLog("listening on");
        try (Run stranger = in(right, "-u", "TCP6:[::1]:7777", "-")) {
          assertEquals("", stranger.await().stdout());
        }
        server.awaitLog("refusing connection from .*0001\\]:\\d+ due to range option");
        try (Run neighbour = in(left, "-u", "TCP6:[fd99::2]:7777", "-")) {
          assertEquals("served\n", neighbour.await().stdout());
        }
      }
    }
  }

  @Test
  void tellsWhatRoutersAnswerToAConnection() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      joinOverIpv6(left, right);
      right.exec("sysctl", "-w", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
      right.ip("route", "add", "unreachable", "10.50.0.0/24");
      right.ip("route", "add", "unreachable", "fd50::/64");
      left.ip("route", "add", "10.50.0.0/24", "via", "10.99.0.2");
      left.ip("route", "add", "fd50::/64", "via", "fd99::2");
      SideBySide.play(
              (tool, folder) -> in(tool, left, "-ddd", "-", "TCP4:10.50.0.1:80,ip-recverr").await())
          .onlyLines("ICMP|RECVERR|ancillary|packet|connect\\(")
          .same();
      try (Run run = in(left, "-dd", "-", "TCP4:10.50.0.1:80,ip-recverr")) {
        run.awaitLog(
            "received ICMP from 10.99.0.2, type 3, code 1, info 0, data 0, resulting in errno 113");
      }
      try (Run run = in(left, "-dd", "-", "TCP6:[fd50::1]:80,ipv6-recverr")) {
        run.awaitLog("received ICMP type 1, code 0, info 0, data 0, resulting in errno 101");
      }
    }
  }
}
