package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What WebSocket is used for most: ssh, browsers, broadcast; and in a fleet's pool. */
@Timeout(120)
class WebSocketUseTest {
  @TempDir Path folder;

  private static Run listening(String address, String right) {
    Run run = Tool.OURS.command("-d0", "-dddd", address, right).start();
    run.awaitLog("listening on");
    return run;
  }

  @Test
  void sshGoesThroughIt() {
    try (PrivateHost host = new PrivateHost(folder);
        Run server = SshServer.start(host);
        Run relay = host.serve(8080, "$S WS-LISTEN:8080/ssh,fork TCP:localhost:22")) {
      host.succeed("head -c 3000000 /dev/urandom >data");
      String ssh = "ssh -o ProxyCommand=\"'$S' - WS:localhost:8080/ssh\" server ";
      host.succeed(ssh + "'cat >copy' <data && " + ssh + "'cat copy' >back && cmp data back");
      assertTrue(server.isAlive() && relay.isAlive());
    }
  }

  @Test
  void aBrowserSendsBinaryFramesToATcpServer() throws IOException {
    assumeTrue(Files.exists(Path.of("/usr/bin/chromedriver")), "chromium-driver is not here");
    Path files = Files.createDirectory(folder.resolve("files"));
    Files.writeString(
        files.resolve("index.html"),
        """
        <!DOCTYPE html><title>viewer</title><p id="out"></p><script>
        const socket = new WebSocket("ws://" + location.host + "/vnc", ["binary"]);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => socket.send(new Uint8Array([82, 70, 66, 0, 255]));
        socket.onmessage = (event) => {
          document.getElementById("out").textContent += new Uint8Array(event.data).join(" ") + " ";
        };
        </script>
        """);
    int port = Server.freePort();
    String listen = "WS-LISTEN:" + port + "/vnc,fork,bind=127.0.0.1,files=" + files;
    try (Server echo = Server.echo();
        Run run = listening(listen + ",subprotocol=binary", echo.address());
        Browser browser = new Browser(folder.resolve("profile"))) {
      browser.open("http://127.0.0.1:" + port + "/index.html");
      browser.await("#out", "82 70 66 0 255");
      assertTrue(run.isAlive());
    }
  }

  @Test
  void aClientWaitsForAServerThatComesLate() {
    int port = Server.freePort();
    int late = Server.freePort();
    String server = "TCP:127.0.0.1:" + late + ",forever,interval=1";
    try (Run run = listening("WS-LISTEN:" + port + "/x,bind=127.0.0.1", server)) {
      WebSocketPeer peer = WebSocketPeer.connect("ws://127.0.0.1:" + port + "/x");
      peer.send("hello");
      run.awaitLog("Connection refused", 8);
      try (Run echo =
          Tool.OURS.command("-dd", "TCP-LISTEN:" + late + ",bind=127.0.0.1", "PIPE").start()) {
        peer.await("hello|");
        peer.close();
        assertEquals(0, run.await().status(), echo.log());
      }
    }
  }

  /** The group of a multicast address on loopback has all that one client sends come to each. */
  @Test
  void whatOneClientSaysAllHear() {
    int port = Server.freePort();
    int group = Server.freePort();
    String all =
        "UDP4-DATAGRAM:239.255.7.7:%1$d,bind=:%1$d,reuseaddr,ip-multicast-if=127.0.0.1,ip-add-membership=239.255.7.7:127.0.0.1"
            .formatted(group);
    try (Run run = listening("WS-LISTEN:" + port + "/chat,bind=127.0.0.1,fork", all)) {
      String url = "ws://127.0.0.1:" + port + "/chat";
      List<WebSocketPeer> peers =
          List.of(
              WebSocketPeer.connect(url), WebSocketPeer.connect(url), WebSocketPeer.connect(url));
      run.awaitLog("starting data transfer loop", 3); // they are members of the group
      peers.get(0).send("one");
      peers.forEach(peer -> peer.await("one|"));
      peers.get(2).send("two");
      peers.forEach(peer -> peer.await("one|two|"));
      peers.forEach(WebSocketPeer::close);
    }
  }

  @Test
  void aPoolOfAFleetHasWebSocketMembers() throws IOException {
    int port = Server.freePort();
    int first = Server.freePort();
    int second = Server.freePort();
    Files.writeString(
        folder.resolve("fleet.conf"),
        """
        sluice {
          pools.p { members = ["WS:127.0.0.1:%2$d/x", "WS:127.0.0.1:%3$d/x"], check { every = 200ms } }
          relays {
            web { left = "TCP-LISTEN:%1$d,bind=127.0.0.1,reuseaddr,fork", right = "POOL:p" }
            one { left = "WS-LISTEN:%2$d/x,bind=127.0.0.1,reuseaddr,fork", right = "PIPE" }
            two { left = "WS-LISTEN:%3$d/x,bind=127.0.0.1,reuseaddr,fork", right = "PIPE" }
          }
        }
        """
            .formatted(port, first, second));
    try (Run fleet =
        Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start()) {
      Await.until(() -> echoes(port), fleet::log);
      verb("stop", "one");
      Await.until(() -> verb("pools").contains(first + "/x  down"), () -> verb("pools"));
      for (int i = 0; i < 5; i++) {
        assertTrue(echoes(port), fleet.log());
      }
      verb("start", "one");
      verb("stop", "two");
      Await.until(() -> verb("pools").contains(second + "/x  down"), () -> verb("pools"));
      Await.until(() -> !verb("pools").contains(first + "/x  down"), () -> verb("pools"));
      assertTrue(echoes(port), fleet.log());
      assertEquals(0, fleet.stop("TERM").status());
    }
  }

  private String verb(String name, String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("fleet", name));
    all.addAll(List.of(words));
    all.addAll(List.of("--socket", "s"));
    return Tool.SLUICE.command(all.toArray(String[]::new)).in(folder).run().stdout();
  }

  private static boolean echoes(int at) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at)) {
      socket.setSoTimeout((int) Await.LIMIT.toMillis());
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == 'x';
    } catch (IOException e) {
      return false;
    }
  }
}
