package dev.sluice.cluster;

import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes relays for this node and lets them go: brings what the {@link Placer} wants together with
 * what the {@link Claims} allow, and tells the fleet. Used on the node's actor only.
 */
final class Handover {
  private final NodeId self;
  private final Claims claims;
  private final Placer placer;
  private final Membership membership;
  private final LocalFleet fleet;
  private final BiConsumer<Integer, Set<String>> lingering;
  private final Addresses addresses;
  private final Consumer<Set<String>> givenBack;

  /** What the fleet was last told to run. */
  private Set<String> placed = new TreeSet<>();

  /** Held no longer, but maybe still alive. */
  private final Set<String> releasing = new TreeSet<>();

  private final Set<String> givingBack = new TreeSet<>();
  private int placings;
  private final Map<String, NodeId> holders = new HashMap<>();
  private final Map<NodeId, Long> heardAt = new HashMap<>();
  private final Map<String, Double> lastFailovers = new TreeMap<>();
  private long moves;
  private long failovers;
  private double lastFailover;
  private double longestFailover;

  /**
   * Makes one.
   *
   * @param lingering told the number of a placing, and which relays outlive it
   * @param givenBack told relays whose addresses were given back
   */
  Handover(
      NodeId self,
      Claims claims,
      Placer placer,
      Membership membership,
      LocalFleet fleet,
      BiConsumer<Integer, Set<String>> lingering,
      Addresses addresses,
      Consumer<Set<String>> givenBack) {
    this.addresses = addresses;
    this.givenBack = givenBack;
    this.self = self;
    this.claims = claims;
    this.placer = placer;
    this.membership = membership;
    this.fleet = fleet;
    this.lingering = lingering;
  }

  /** Takes note that a node is alive. */
  void heard(NodeId node, long now) {
    heardAt.put(node, now);
  }

  /** Whether a node has said nothing for so many nanoseconds, or never did. */
  boolean isSilent(NodeId node, long now, long nanos) {
    Long last = heardAt.get(node);
    return last == null || now - last > nanos;
  }

  /** Takes note of what a node says that it holds. */
  void reported(NodeId node) {
    Wire.Report report = claims.of(node);
    if (report != null) {
      report.held().forEach(relay -> holders.put(relay, node));
    }
  }

  /**
   * Goes on with what can be done now.
   *
   * @param own what this node is to own
   * @param others the nodes that may hold a relay
   */
  void settle(Set<String> own, Collection<NodeId> others) {
    Set<String> leaving = new TreeSet<>();
    for (String relay : claims.held()) {
      if (!own.contains(relay) && !releasing.contains(relay) && isToGo(relay)) {
        leaving.add(relay);
      }
    }
    letGo(leaving, "hands over");
    Set<String> wanted = new TreeSet<>(own);
    wanted.removeAll(claims.held());
    claims.want(wanted);
    Set<String> taken = claims.take(others);
    if (!taken.isEmpty()) {
      taken.forEach(this::count);
      log("takes", taken);
    }
    place();
  }

  /** A relay that another node is to own stays until that node wants it. */
  private boolean isToGo(String relay) {
    String owner = placer.owner(relay);
    if (!placer.knows(relay) || owner == null) {
      return !placer.knows(relay);
    }
    for (Wire.Report report : claims.reports()) {
      if (report.from().node().equals(owner) && membership.isUp(report.from())) {
        return report.wants().contains(relay);
      }
    }
    return false;
  }

  /** Lets go of everything, whether or not somebody takes it. */
  void letGoOfAll(String why) {
    Set<String> all = new TreeSet<>(claims.held());
    all.removeAll(releasing);
    letGo(all, why);
    claims.want(Set.of());
    place();
  }

  private void letGo(Set<String> relays, String why) {
    if (relays.isEmpty()) {
      return;
    }
    log(why, relays);
    Set<String> sure = new HashSet<>();
    for (String relay : relays) {
      if (placed.contains(relay)) {
        releasing.add(relay);
      } else {
        sure.add(relay); // nothing of it runs by ownership
      }
    }
    claims.release(sure);
  }

  private void place() {
    Set<String> next = new TreeSet<>();
    for (String relay : claims.held()) {
      if (!releasing.contains(relay) && placer.isOne(relay)) {
        next.add(relay);
      }
    }
    if (!next.equals(placed) || placings == 0) {
      List<String> fresh =
          next.stream().filter(one -> !placed.contains(one)).flatMap(this::address).toList();
      placed = next;
      int number = ++placings;
      Runnable place =
          () -> fleet.place(Set.copyOf(next), alive -> lingering.accept(number, alive));
      if (placer.hasAddresses()) {
        addresses.take(fresh, place);
      } else {
        place.run();
      }
    }
  }

  /** Takes note of what is still alive after the last placing. */
  void lingers(int placing, Set<String> alive) {
    if (placing != placings) {
      return;
    }
    Set<String> gone = new TreeSet<>(releasing);
    gone.removeAll(alive);
    gone.removeAll(givingBack);
    Set<String> withAddress = new TreeSet<>(gone);
    withAddress.removeIf(relay -> address(relay).findAny().isEmpty());
    gone.removeAll(withAddress);
    releasing.removeAll(gone);
    claims.release(gone);
    if (!withAddress.isEmpty()) {
      givingBack.addAll(withAddress);
      addresses.give(
          withAddress.stream().flatMap(this::address).toList(),
          () -> givenBack.accept(withAddress));
    }
  }

  private Stream<String> address(String relay) {
    RelayDefinition definition = placer.relays().get(relay);
    return definition == null ? Stream.empty() : definition.placement().address().stream();
  }

  /** The addresses of these relays are on no interface of this node any more. */
  void givenBack(Set<String> relays) {
    givingBack.removeAll(relays);
    releasing.removeAll(relays);
    claims.release(relays);
  }

  /** Gives addresses back that this node's last run may have left behind. */
  void giveAllBack() {
    if (placer.hasAddresses()) {
      addresses.give(placer.relays().keySet().stream().flatMap(this::address).toList(), () -> {});
    }
  }

  private void count(String relay) {
    NodeId before = holders.get(relay);
    if (before == null || before.equals(self)) {
      return;
    }
    moves++;
    boolean isLost = !membership.isUp(before) || membership.unreachable().contains(before);
    Wire.Report last = claims.of(before);
    if (isLost && (last == null || !last.leaving())) {
      double seconds = (System.nanoTime() - heardAt.getOrDefault(before, 0L)) / 1e9;
      failovers++;
      lastFailover = seconds;
      longestFailover = Math.max(longestFailover, seconds);
      lastFailovers.put(relay, seconds);
    }
  }

  private static void log(String does, Set<String> relays) {
    String what =
        relays.size() <= 5 ? String.join(", ", new TreeSet<>(relays)) : relays.size() + " relays";
    RelayLog.ofProcess().always(Severity.NOTICE, "cluster: " + does + " " + what);
  }

  /** The node that holds a relay, as far as it said so; null when none does. */
  @Nullable NodeId holder(String relay) {
    if (claims.holds(relay)) {
      return self;
    }
    for (Wire.Report report : claims.reports()) {
      if (report.held().contains(relay)) {
        return report.from();
      }
    }
    return null;
  }

  /** Whether something is on its way to this node, or away from it. */
  boolean isMoving() {
    return claims.hasWants() || !releasing.isEmpty();
  }

  /** Whether this node holds nothing any more. */
  boolean isFree() {
    return claims.held().isEmpty();
  }

  long moves() {
    return moves;
  }

  long failovers() {
    return failovers;
  }

  double lastFailover() {
    return lastFailover;
  }

  double longestFailover() {
    return longestFailover;
  }

  /** Seconds that the last failover of a relay to this node took; null when there was none. */
  @Nullable Double lastFailover(String relay) {
    return lastFailovers.get(relay);
  }
}
