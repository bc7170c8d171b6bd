package dev.sluice.cluster;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a relay is never held by two nodes at once, whatever they believe of each other.
 *
 * <p>A node that wants a relay says so in a numbered report to all, and takes it once each other
 * node has acknowledged that report, does not hold the relay, and does not want it with a better
 * right (the lower {@link NodeId}). Of two nodes that want the same relay, each has so seen the
 * other's wish before it takes it. A node that is gone is not asked; the caller decides when it may
 * be taken for gone. Compare Ricart and Agrawala, 1981.
 *
 * <p>Plain values, no threads, no clock.
 */
final class Claims {
  private final NodeId self;
  private final Map<NodeId, Wire.Report> reports = new TreeMap<>();
  private final Map<NodeId, Map<NodeId, Long>> acks = new HashMap<>();

  /** Relays that are wanted, and the number of the report that said so first. */
  private final Map<String, Long> wants = new TreeMap<>();

  private final Set<String> held = new TreeSet<>();
  private long number = 1;

  Claims(NodeId self) {
    this.self = self;
  }

  /** Takes note of a report; an older one than the newest is ignored. */
  void heard(Wire.Report report) {
    Wire.Report before = reports.get(report.from());
    if (before == null || before.number() < report.number()) {
      reports.put(report.from(), report);
      acks.put(report.from(), report.acks());
    }
  }

  /** Whether a beat acknowledges what the node had not acknowledged before. */
  boolean isNews(Wire.Beat beat) {
    return !beat.acks().equals(acks.get(beat.from()));
  }

  /**
   * Takes note of what a beat acknowledges.
   *
   * @return whether the report that it goes with is known; otherwise nothing was done
   */
  boolean heard(Wire.Beat beat) {
    Wire.Report report = reports.get(beat.from());
    if (report == null || report.number() != beat.number()) {
      return false;
    }
    acks.put(beat.from(), beat.acks());
    return true;
  }

  /** The last report of a node; null when there is none. */
  Wire.@Nullable Report of(NodeId node) {
    return reports.get(node);
  }

  Collection<Wire.Report> reports() {
    return reports.values();
  }

  /** Forgets nodes that are gone for good. */
  void retain(Set<NodeId> known) {
    reports.keySet().retainAll(known);
    acks.keySet().retainAll(known);
  }

  /** The number of this node's current report. */
  long number() {
    return number;
  }

  /** To be called when the next report says something new. */
  void renew() {
    number++;
  }

  /** Whether that node has seen this node's report of that number. */
  boolean hasSeen(NodeId node, long report) {
    return acks.getOrDefault(node, Map.of()).getOrDefault(self, 0L) >= report;
  }

  /** What is acknowledged in this node's reports. */
  Map<NodeId, Long> acknowledged() {
    Map<NodeId, Long> seen = new TreeMap<>();
    reports.forEach((node, report) -> seen.put(node, report.number()));
    return seen;
  }

  Set<String> held() {
    return Set.copyOf(held);
  }

  boolean holds(String relay) {
    return held.contains(relay);
  }

  boolean hasWants() {
    return !wants.isEmpty();
  }

  Set<String> wants() {
    return new TreeSet<>(wants.keySet());
  }

  /** Says what is wanted from now on; whether that differs from before. */
  boolean want(Set<String> relays) {
    if (wants.keySet().equals(relays)) {
      return false;
    }
    wants.keySet().retainAll(relays);
    relays.forEach(relay -> wants.putIfAbsent(relay, number + 1));
    number++;
    return true;
  }

  /** The wanted relays that no other one of these nodes stands in the way of; they are held now. */
  Set<String> take(Collection<NodeId> others) {
    Set<String> taken = new HashSet<>();
    for (Map.Entry<String, Long> want : wants.entrySet()) {
      if (others.stream().allMatch(other -> allows(other, want.getKey(), want.getValue()))) {
        taken.add(want.getKey());
      }
    }
    if (!taken.isEmpty()) {
      held.addAll(taken);
      wants.keySet().removeAll(taken);
      number++;
    }
    return taken;
  }

  private boolean allows(NodeId other, String relay, long since) {
    Wire.Report report = reports.get(other);
    if (report == null) {
      return false;
    }
    if (report.leaving() && report.held().isEmpty()) {
      return true;
    }
    return hasSeen(other, since)
        && !report.held().contains(relay)
        && !(report.wants().contains(relay) && other.compareTo(self) < 0);
  }

  /** Relays that this node has let go of. */
  void release(Collection<String> relays) {
    if (held.removeAll(relays)) {
      number++;
    }
  }
}
