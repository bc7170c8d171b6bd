package dev.sluice.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node tells the others: a whole report when something of it has changed, and short beats
 * between. Used on the node's actor only.
 */
final class Reports {
  /** A report that a node has not answered for this long is sent again. */
  private static final Duration PATIENCE = Duration.ofMillis(300);

  private final NodeParts node;
  private final Departure departure;
  private final Deaths deaths;
  private final Map<String, Integer> doors = new TreeMap<>();
  private final Map<NodeId, Long> sentAt = new HashMap<>();
  private long sent;

  Reports(NodeParts node, Departure departure, Deaths deaths) {
    this.node = node;
    this.departure = departure;
    this.deaths = deaths;
  }

  private Wire.Report report() {
    Claims claims = node.claims();
    return new Wire.Report(
        node.self(),
        claims.number(),
        claims.acknowledged(),
        claims.held(),
        claims.wants(),
        new TreeMap<>(doors),
        deaths.dead(),
        departure.isGiving(),
        departure.hasLet(),
        node.file().running().version());
  }

  /** Whether the others have been told of all that has changed. */
  boolean areUpToDate() {
    return node.claims().number() == sent;
  }

  /** Tells all others what has changed since the last time. */
  void publish() {
    long number = node.claims().number();
    if (number != sent) {
      sent = number;
      node.others().forEach(this::send);
    }
  }

  void send(NodeId to) {
    sentAt.put(to, System.nanoTime());
    node.peers().of(to).tell(report());
  }

  void beat() {
    node.others().forEach(this::beat);
  }

  void beat(NodeId to) {
    Claims claims = node.claims();
    node.peers().of(to).tell(new Wire.Beat(node.self(), claims.number(), claims.acknowledged()));
  }

  /** Sends the report again to a node that beats without having answered it. */
  void remind(NodeId to) {
    boolean hasSeen = node.claims().hasSeen(to, node.claims().number());
    if (!hasSeen && System.nanoTime() - sentAt.getOrDefault(to, 0L) > PATIENCE.toNanos()) {
      send(to);
    }
  }

  /** The port at which this node serves a relay; 0 when it does not any more. */
  void door(String relay, int port) {
    Integer before = port == 0 ? doors.remove(relay) : doors.put(relay, port);
    if (before == null || before != port) {
      node.claims().renew();
    }
  }
}
