package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Relays on the nodes of a cluster: who runs them, and what happens when a node is gone. */
@Timeout(300)
class FleetClusterTest {
  @TempDir Path folder;

  private final int one = Server.freePort();
  private final int two = Server.freePort();
  private final int via = Server.freePort();
  private ClusterNodes nodes;

  @BeforeEach
  void make() throws IOException, InterruptedException {
    nodes = new ClusterNodes(folder, 3);
  }

  @AfterEach
  void end() {
    nodes.close();
  }

  private static String relay(String name, int port, String more) {
    return "    "
        + name
        + " { left = \"TCP-LISTEN:"
        + port
        + ",bind={node},reuseaddr,fork\", right = \"PIPE\""
        + more
        + " }\n";
  }

  private int owner(int port) {
    Await.until(() -> nodes.serving(port).size() == 1, () -> "one owner\n" + nodes.logs());
    return nodes.serving(port).get(0);
  }

  @Test
  void oneNodeServesARelayAndAnotherAfterItsEnd() throws IOException {
    String relays = relay("one", one, ", place = one") + relay("via", via, ", place = via");
    for (int number = 1; number <= 3; number++) {
      nodes.write(number, relays);
      nodes.start(number);
    }
    for (int number = 1; number <= 3; number++) {
      nodes.await(number, "(?: up .*){3}", "cluster", "status");
    }
    int first = owner(one);
    Await.until(() -> nodes.serving(via).size() == 3, nodes::logs);
    for (int number = 1; number <= 3; number++) {
      // a change of a node that does not know the first version yet would be refused
      nodes.await(number, "version 1 of the file", "cluster", "status");
    }

    // a change on one node holds on all
    int other = first % 3 + 1;
    nodes.write(other, relays + relay("two", two, ", place = one"));
    Outcome applied = nodes.ask(other, "fleet", "apply");
    assertEquals(0, applied.status(), applied.stdout() + applied.stderr());
    assertTrue(applied.stdout().contains("+ two (add)"), applied.stdout());
    owner(two);
    for (int number = 1; number <= 3; number++) {
      nodes.await(number, "version 2 of the file", "cluster", "status");
    }

    // by hand
    assertEquals(0, nodes.ask(first, "cluster", "move", "one", nodes.name(other)).status());
    Await.until(() -> nodes.serving(one).equals(List.of(other)), nodes::logs);
    assertEquals(0, nodes.ask(first, "cluster", "drain", nodes.name(other)).status());
    Await.until(
        () -> nodes.serving(one).size() == 1 && !nodes.serving(one).contains(other), nodes::logs);
    Outcome unknown = nodes.ask(first, "cluster", "drain", "127.0.0.9:1");
    assertEquals(1, unknown.status());
    assertTrue(unknown.stderr().contains("no node is called 127.0.0.9:1"), unknown.stderr());
    assertEquals(0, nodes.ask(first, "cluster", "undrain", nodes.name(other)).status());
    Await.until(() -> nodes.serving(one).equals(List.of(other)), nodes::logs);

    // a killed node
    nodes.run(other).signal("KILL");
    Await.until(
        () -> nodes.serving(one).size() == 1 && !nodes.serving(one).contains(other), nodes::logs);
    Await.until(() -> nodes.serving(via).size() == 2, nodes::logs);

    // it comes back with the file that holds, though its own is the newest; a leaving node hands
    // over
    nodes.start(other);
    Await.until(() -> nodes.serving(one).equals(List.of(other)), nodes::logs);
    nodes.run(other).signal("TERM");
    assertEquals(0, nodes.run(other).await().status());
    int last = owner(one);
    assertFalse(last == other, nodes.logs());
    assertTrue(nodes.ask(last, "fleet", "status").stdout().contains("OWNER"));
  }

  @Test
  void aStrangerIsRefused() throws IOException, InterruptedException {
    nodes.authority("other-ca");
    nodes.certificate("stranger", "other-ca");
    String relays = relay("one", one, ", place = one") + relay("all", two, "");
    nodes.write(1, relays);
    nodes.write(2, nodes.section(2, "edge", "stranger", "other-ca"), relays);
    nodes.write(3, nodes.section(3, "another", "node", "ca"), relays);
    for (int number = 1; number <= 3; number++) {
      nodes.start(number);
    }
    nodes.run(1).awaitLog("cluster: node 127\\.0\\.0\\.1:\\d+ joins edge");
    Await.until(
        () -> ClusterNodes.serves("127.0.0.1", two) && ClusterNodes.serves("127.0.0.2", two),
        nodes::logs); // everywhere goes on without a cluster
    nodes.run(2).awaitLog("cluster: .*unable to find valid certification path");
    nodes.run(1).awaitLog("cluster: a connection to the cluster port is refused: .*certificate");
    nodes.run(1).awaitLog("Dropping Handshake Request from \\[akka://another@");
    byte[] noise = new byte[4096];
    new Random(1).nextBytes(noise);
    Await.until(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), nodes.port(1)));
            socket.getOutputStream().write(noise);
          } catch (IOException e) {
            return false; // the node may begin anew at this moment
          }
          return true;
        },
        nodes::logs);
    nodes.run(1).awaitLog("refused: Unrecognized SSL message");
    assertEquals(List.of(), nodes.serving(one), nodes.logs()); // one of three is too few
    assertTrue(nodes.ask(1, "cluster", "status").status() == 2);
    nodes.run(1).signal("TERM");
    assertEquals(0, nodes.run(1).await().status());
  }

  @Test
  void mistakesInTheSectionAreTold() throws IOException {
    Path file =
        nodes.write(
            1,
            "cluster { name = \"a b\", bind = here, seeds = [\"x\"], profile = slow, port = 1 }",
            relay("a", one, ", place = nowhere")
                + relay("b", two, ", address = \"10.0.0.1\"")
                + relay("c", via, ", address = \"10.0.0.1/24\""));
    Outcome outcome = Tool.SLUICE.command("fleet", "check", file.toString()).run();
    assertEquals(1, outcome.status());
    for (String said :
        List.of(
            ":3: cluster: name \"a b\" can't be used",
            ":3: cluster: bind \"here\" is not HOST:PORT",
            ":3: cluster: seed \"x\" is not HOST:PORT",
            ":3: cluster: profile \"slow\" is not fast or safe",
            ":3: cluster: unknown key \"port\"",
            ":3: cluster: has no tls",
            ":5: relay a: place \"nowhere\" is not everywhere, one or via",
            ":6: relay b: address \"10.0.0.1\" is not ADDRESS/PREFIX",
            ":7: relay c: address is for place = one")) {
      assertTrue(outcome.stderr().contains(said), said + " in " + outcome.stderr());
    }
  }

  @Test
  void aFleetWithoutClusterLoadsNothingOfIt() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("f.conf"),
            "sluice { admin.socket = \"f.sock\", relays.a { left = \"UNIX-LISTEN:a.sock,fork\","
                + " right = \"PIPE\" } }");
    try (Run run =
        Tool.SLUICE
            .command("fleet", "run", file.toString(), "-d")
            .in(folder)
            .env("SLUICE_JAVA_OPTS", "-Xlog:class+load=info:stdout")
            .start()) {
      run.awaitLog("listening on");
      run.awaitOutput("dev\\.sluice\\.fleet\\.run\\.FleetSupervisor");
      assertFalse(
          run.awaitOutput("(?s).*")
              .group()
              .matches("(?s).*(dev\\.sluice\\.cluster|akka\\.cluster\\.|akka\\.remote\\.).*"));
    }
  }
}
