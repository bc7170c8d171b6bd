package dev.sluice.fleet.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * The difference between the fleet that runs and the one that is wanted.
 *
 * @param changes what differs, relay by relay, in the order of the wanted fleet; removed ones last
 * @param pools what differs, pool by pool; all in place, sessions stay
 * @param unchanged relays that are not touched in any way
 */
public record FleetPlan(List<Change> changes, List<PoolChange> pools, int unchanged) {
  /**
   * One pool that differs.
   *
   * @param sign {@code +}, {@code ~} or {@code -}
   * @param keys what differs, by the names of a file's keys
   */
  public record PoolChange(String name, String sign, List<String> keys) {
    /** What happens to sessions that are alive. */
    public String effect() {
      return sign.equals("-") ? "is gone; sessions stay" : "in place; sessions stay";
    }
  }

  /** How deep a change goes, which decides what it touches. */
  public enum Kind {
    ADD("+"),
    REMOVE("-"),
    /** Limits, timeouts, labels, policies: in place. */
    SOFT("~"),
    /** Where new sessions go: the listener stays. */
    TARGET("~"),
    /** What is listened on or opened first: a new one takes the place of the old. */
    SOURCE("~");

    private final String sign;

    Kind(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }
  }

  /**
   * One relay that differs.
   *
   * @param keys what differs, by the names of a file's keys
   * @param before as it runs; null when it is new
   * @param after as it is wanted; null when it is not
   */
  public record Change(
      String name,
      Kind kind,
      List<String> keys,
      @Nullable RelayDefinition before,
      @Nullable RelayDefinition after) {
    /** What happens to sessions that are alive. */
    public String effect() {
      RelayDefinition decides = after == null ? before : after;
      String policy = decides == null ? "" : String.valueOf(decides.onChange());
      return switch (kind) {
        case ADD -> "starts";
        case SOFT -> "in place; sessions stay";
        case TARGET -> "new sessions go to the new target; old ones: " + policy;
        case SOURCE -> "a new listener takes over; old sessions: " + policy;
        case REMOVE -> "takes no more sessions; those it has: " + policy;
      };
    }
  }

  /**
   * Compares two fleets. Relays that were added by hand to the one that runs stay, unless the
   * wanted one has another of that name.
   */
  public static FleetPlan between(Fleet running, Fleet wanted) {
    List<Change> changes = new ArrayList<>();
    int unchanged = 0;
    for (RelayDefinition after : wanted.relays().values()) {
      RelayDefinition before = running.relays().get(after.name());
      Change change =
          before == null
              ? new Change(after.name(), Kind.ADD, List.of(), null, after)
              : change(before, after, running.secrets(), wanted.secrets());
      if (change == null) {
        unchanged++;
      } else {
        changes.add(change);
      }
    }
    for (RelayDefinition before : running.relays().values()) {
      if (wanted.relays().containsKey(before.name())) {
        continue;
      }
      if (before.origin().equals(Origin.RUNTIME)) {
        unchanged++;
      } else {
        changes.add(new Change(before.name(), Kind.REMOVE, List.of(), before, null));
      }
    }
    return new FleetPlan(List.copyOf(changes), pools(running, wanted), unchanged);
  }

  private static List<PoolChange> pools(Fleet running, Fleet wanted) {
    List<PoolChange> changes = new ArrayList<>();
    for (PoolDefinition after : wanted.pools().values()) {
      PoolDefinition before = running.pools().get(after.name());
      if (before == null) {
        changes.add(new PoolChange(after.name(), "+", List.of()));
        continue;
      }
      List<String> keys = new ArrayList<>();
      differs(keys, "members", before.members(), after.members());
      if (after.members().stream()
          .anyMatch(one -> !secretsAgree(one.address(), running.secrets(), wanted.secrets()))) {
        keys.add("secrets of members");
      }
      differs(keys, "balance", before.balance(), after.balance());
      differs(keys, "sticky", before.sticky(), after.sticky());
      differs(keys, "slow-start", before.slowStart(), after.slowStart());
      differs(keys, "connect-timeout", before.connectTimeout(), after.connectTimeout());
      differs(keys, "check", before.check(), after.check());
      differs(keys, "passive", before.passive(), after.passive());
      if (!keys.isEmpty()) {
        changes.add(new PoolChange(after.name(), "~", List.copyOf(keys)));
      }
    }
    for (String name : running.pools().keySet()) {
      if (!wanted.pools().containsKey(name) && !isUsedByHand(running, name)) {
        changes.add(new PoolChange(name, "-", List.of()));
      }
    }
    return List.copyOf(changes);
  }

  /** Whether a relay that was added by hand uses a pool, which stays for it. */
  private static boolean isUsedByHand(Fleet running, String pool) {
    return running.relays().values().stream()
        .filter(relay -> relay.origin().equals(Origin.RUNTIME))
        .anyMatch(relay -> PoolDefinition.usedBy(relay).contains(pool));
  }

  /**
   * What runs once this plan was carried out: the wanted fleet, with the relays that were added by
   * hand and the pools that they use.
   */
  public static Fleet result(Fleet running, Fleet wanted) {
    Map<String, RelayDefinition> relays = new LinkedHashMap<>(wanted.relays());
    Map<String, PoolDefinition> pools = new LinkedHashMap<>(wanted.pools());
    for (RelayDefinition relay : running.relays().values()) {
      if (relay.origin().equals(Origin.RUNTIME)
          && relays.putIfAbsent(relay.name(), relay) == null) {
        for (String name : PoolDefinition.usedBy(relay)) {
          PoolDefinition pool = running.pools().get(name);
          if (pool != null) {
            pools.putIfAbsent(name, pool);
          }
        }
      }
    }
    return new Fleet(
        relays, pools, wanted.secrets(), wanted.admin(), wanted.snapshot(), wanted.cluster());
  }

  private static void placementDiffers(
      List<String> source, List<String> soft, Placement had, Placement has) {
    differs(had.isVia() == has.isVia() ? soft : source, "place", had.kind(), has.kind());
    differs(soft, "where", had.where(), has.where());
    differs(soft, "address", had.address(), has.address());
    differs(soft, "spread", had.spread(), has.spread());
  }

  private static @Nullable Change change(
      RelayDefinition before, RelayDefinition after, Secrets hadSecrets, Secrets hasSecrets) {
    List<String> source = new ArrayList<>();
    List<String> target = new ArrayList<>();
    List<String> soft = new ArrayList<>();
    differs(source, "left", before.left(), after.left());
    if (!secretsAgree(after.left(), hadSecrets, hasSecrets)) {
      source.add("secrets of left");
    }
    differs(
        sidesOf(before.options()).equals(sidesOf(after.options())) ? target : source,
        "options",
        before.options(),
        after.options());
    differs(source, "keepalive", before.keepalive(), after.keepalive());
    differs(target, "right", before.right(), after.right());
    if (!secretsAgree(after.right(), hadSecrets, hasSecrets)) {
      target.add("secrets of right");
    }
    differs(target, "connect-timeout", before.connectTimeout(), after.connectTimeout());
    differs(soft, "group", before.group(), after.group());
    differs(soft, "labels", before.labels(), after.labels());
    differs(soft, "enabled", before.enabled(), after.enabled());
    differs(soft, "max-sessions", before.maxSessions(), after.maxSessions());
    differs(soft, "limits", before.limits(), after.limits());
    differs(soft, "faults", before.faults(), after.faults());
    differs(soft, "retry", before.retry(), after.retry());
    differs(soft, "on-change", before.onChange(), after.onChange());
    differs(soft, "drain", before.drain(), after.drain());
    placementDiffers(source, soft, before.placement(), after.placement());
    Kind kind = !source.isEmpty() ? Kind.SOURCE : !target.isEmpty() ? Kind.TARGET : Kind.SOFT;
    source.addAll(target);
    source.addAll(soft);
    return source.isEmpty()
        ? null
        : new Change(after.name(), kind, List.copyOf(source), before, after);
  }

  private static void differs(List<String> keys, String key, Object before, Object after) {
    if (!Objects.equals(before, after)) {
      keys.add(key);
    }
  }

  /** The options that say how the left address is opened. */
  private static List<String> sidesOf(List<String> options) {
    return options.stream()
        .filter(word -> !word.matches("-[tTbvxrRsD].*") && word.startsWith("-"))
        .sorted()
        .toList();
  }

  private static boolean secretsAgree(String address, Secrets had, Secrets has) {
    Matcher use = Secrets.USE.matcher(address);
    while (use.find()) {
      if (!had.agree(has, String.valueOf(use.group(1)))) {
        return false;
      }
    }
    return true;
  }

  public boolean isEmpty() {
    return changes.isEmpty() && pools.isEmpty();
  }

  /** How many changes are of that kind. */
  public long count(Kind kind) {
    return changes.stream().filter(change -> change.kind() == kind).count();
  }

  /** The change of a relay, if it has one. */
  public Optional<Change> of(String name) {
    return changes.stream().filter(change -> change.name().equals(name)).findFirst();
  }

  /** In one line: {@code +3 ~2 soft ~1 target -1 =9993}. */
  public String summary() {
    StringBuilder line = new StringBuilder();
    for (Kind kind : List.of(Kind.ADD, Kind.SOFT, Kind.TARGET, Kind.SOURCE, Kind.REMOVE)) {
      if (count(kind) > 0) {
        line.append(kind.sign()).append(count(kind));
        if (kind.sign().equals("~")) {
          line.append(' ').append(kind.name().toLowerCase(java.util.Locale.ROOT));
        }
        line.append(' ');
      }
    }
    line.append('=').append(unchanged);
    for (String sign : List.of("+", "~", "-")) {
      long count = pools.stream().filter(pool -> pool.sign().equals(sign)).count();
      if (count > 0) {
        line.append(' ').append(sign).append(count).append(" pool");
      }
    }
    return line.toString();
  }

  /** The same as a map, for programs. */
  public Map<String, Long> counts() {
    Map<String, Long> counts = new java.util.TreeMap<>();
    for (Kind kind : Kind.values()) {
      counts.put(kind.name().toLowerCase(java.util.Locale.ROOT), count(kind));
    }
    counts.put("unchanged", (long) unchanged);
    return counts;
  }
}
