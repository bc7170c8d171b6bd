package dev.sluice.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds nodes whose process is gone for certain: their host answers, and refuses connections to the
 * cluster port. A cut, a pause or a lost host look different: nothing answers. Used on the node's
 * actor only; connecting is done elsewhere.
 */
final class Deaths {
  /** Refusals in a row before a node is taken for gone. */
  private static final int ENOUGH = 2;

  private static final int CONNECT_MILLIS = 500;

  /** What came of one look at a port. */
  record Looked(NodeId node, boolean refused) implements NodeCommand {}

  private final Executor blocking;
  private final Consumer<Looked> result;
  private final Map<NodeId, Integer> refusals = new HashMap<>();
  private final Set<NodeId> looking = new TreeSet<>();

  Deaths(Executor blocking, Consumer<Looked> result) {
    this.blocking = blocking;
    this.result = result;
  }

  /**
   * Looks at the ports of nodes that may be gone. Each look costs that node an inbound connection,
   * so those that say something are left alone.
   *
   * @param nodes all that there are
   * @param isSilent whether a node has not been heard for longer than it should be
   */
  void look(Set<NodeId> nodes, Predicate<NodeId> isSilent) {
    refusals.keySet().retainAll(nodes);
    for (NodeId node : nodes) {
      if ((refusals.containsKey(node) || isSilent.test(node)) && looking.add(node)) {
        blocking.execute(() -> result.accept(new Looked(node, isRefused(node))));
      }
    }
  }

  private static boolean isRefused(NodeId node) {
    int colon = node.node().lastIndexOf(':');
    String host = node.node().substring(0, colon);
    int port = Integer.parseInt(node.node().substring(colon + 1));
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      return false;
    } catch (ConnectException e) {
      return String.valueOf(e.getMessage()).contains("refused");
    } catch (IOException e) {
      return false;
    }
  }

  /** Takes what came of a look; whether the node is found dead by this one. */
  boolean looked(Looked message) {
    looking.remove(message.node());
    if (!message.refused()) {
      refusals.remove(message.node());
      return false;
    }
    return refusals.merge(message.node(), 1, Integer::sum) == ENOUGH;
  }

  /** Whether a node may be dead, and is looked at again. */
  boolean isSuspecting() {
    return !looking.isEmpty() || !refusals.isEmpty();
  }

  /** Whether this node found it dead. */
  boolean isDead(NodeId node) {
    return refusals.getOrDefault(node, 0) >= ENOUGH;
  }

  /** All that were found dead. */
  Set<NodeId> dead() {
    Set<NodeId> dead = new TreeSet<>();
    refusals.forEach(
        (node, count) -> {
          if (count >= ENOUGH) {
            dead.add(node);
          }
        });
    return dead;
  }
}
