package dev.sluice.cluster;

import akka.actor.Address;
import akka.cluster.Member;
import akka.cluster.UniqueAddress;
import java.util.Comparator;

/**
 * One run of a node.
 *
 * @param node its address, as {@code host:port}
 * @param uid differs with each start of the node
 */
record NodeId(String node, long uid) implements Comparable<NodeId> {
  private static final Comparator<NodeId> ORDER =
      Comparator.comparing(NodeId::node).thenComparingLong(NodeId::uid);

  static NodeId of(UniqueAddress address) {
    return new NodeId(text(address.address()), address.longUid());
  }

  static NodeId of(Member member) {
    return of(member.uniqueAddress());
  }

  /** The address as a file writes it. */
  static String text(Address address) {
    return address.getHost().orElse("") + ":" + address.getPort().orElse(0);
  }

  @Override
  public int compareTo(NodeId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return node;
  }
}
