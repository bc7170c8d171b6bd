package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A node is gone for certain when its host refuses connections, and is looked at only if silent.
 */
class DeathsTest {
  private final List<Deaths.Looked> looks = new ArrayList<>();
  private final Deaths deaths = new Deaths(Runnable::run, looks::add);

  private static NodeId at(int port) {
    return new NodeId("127.0.0.1:" + port, 1);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void aNodeThatIsHeardIsLeftAlone() throws IOException {
    deaths.look(Set.of(at(freePort())), node -> false);
    assertEquals(List.of(), looks);
  }

  @Test
  void aSilentNodeThatStillListensIsAlive() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeId node = at(socket.getLocalPort());
      deaths.look(Set.of(node), any -> true);
      assertEquals(List.of(new Deaths.Looked(node, false)), looks);
      assertFalse(deaths.looked(looks.get(0)));
      assertEquals(Set.of(), deaths.dead());
    }
  }

  @Test
  void twoRefusalsAreCertainDeath() throws IOException {
    NodeId node = at(freePort());
    deaths.look(Set.of(node), any -> true);
    assertFalse(deaths.looked(looks.get(0)));
    assertFalse(deaths.isDead(node));
    // one that refused is looked at again, whatever was heard meanwhile
    deaths.look(Set.of(node), any -> false);
    assertTrue(deaths.looked(looks.get(1)));
    assertTrue(deaths.isDead(node));
  }
}
