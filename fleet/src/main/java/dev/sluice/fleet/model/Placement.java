package dev.sluice.fleet.model;

import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which nodes of a cluster run a relay. Without a cluster it says nothing.
 *
 * @param kind how many of them run it
 * @param where labels that a node must have; empty for any node
 * @param address an IP address with its prefix length that the owner takes, such as {@code
 *     10.0.0.9/24}
 * @param spread a label of nodes; relays of a group go to nodes with different values of it
 */
public record Placement(
    Kind kind, SortedMap<String, String> where, Optional<String> address, Optional<String> spread) {
  /** How many nodes run a relay. */
  public enum Kind {
    /** Each node that matches. */
    EVERYWHERE,
    /** Exactly one of them, its owner. */
    ONE,
    /** Each node that matches listens; sessions go to the owner. */
    VIA;

    /** In the words of a file. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static final Placement EVERYWHERE =
      new Placement(Kind.EVERYWHERE, new TreeMap<>(), Optional.empty(), Optional.empty());

  /** Whether its sessions go to another node's owner. */
  public boolean isVia() {
    return kind == Kind.VIA;
  }

  /** Whether it has one owner. */
  public boolean isOwned() {
    return kind != Kind.EVERYWHERE;
  }

  /** Whether a node with these labels may run it. */
  public boolean matches(SortedMap<String, String> labels) {
    return where.entrySet().stream()
        .allMatch(one -> one.getValue().equals(labels.get(one.getKey())));
  }
}
