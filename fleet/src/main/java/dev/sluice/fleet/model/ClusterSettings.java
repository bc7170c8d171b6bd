package dev.sluice.fleet.model;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a file says of the cluster that its node is part of.
 *
 * @param name the cluster's name; nodes of another name are refused
 * @param host how other nodes reach this one
 * @param port its cluster port
 * @param seeds nodes to join, as {@code host:port}, the same list on all nodes
 * @param discover a name whose addresses are the seeds; in place of {@code seeds}
 * @param members how many nodes there are to be; owners are only chosen among more than half of it
 * @param tls certificate, key and authority; empty where the file says {@code tls = off}
 * @param labels what relays choose nodes by
 * @param weight this node's share of relays
 * @param profile how soon a silent node is given up
 * @param keep the file that holds the last applied fleet for the next start
 */
public record ClusterSettings(
    String name,
    String host,
    int port,
    List<String> seeds,
    Optional<String> discover,
    int members,
    Optional<Tls> tls,
    SortedMap<String, String> labels,
    int weight,
    Profile profile,
    String keep) {
  /** PEM files. */
  public record Tls(String cert, String key, String ca) {}

  /** How soon a silent node is given up. */
  public enum Profile {
    /** A network that loses little: seconds. */
    FAST,
    /** Akka's own values: half a minute, and no false alarms on a bad network. */
    SAFE
  }

  /** The same with other nodes to join by. */
  public ClusterSettings joining(List<String> others) {
    return new ClusterSettings(
        name,
        host,
        port,
        List.copyOf(others),
        Optional.empty(),
        members,
        tls,
        labels,
        weight,
        profile,
        keep);
  }

  /** How other nodes name this one. */
  public String node() {
    return host + ":" + port;
  }

  /** The fewest nodes that may choose owners. */
  public int quorum() {
    return members / 2 + 1;
  }
}
