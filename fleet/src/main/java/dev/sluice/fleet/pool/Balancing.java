package dev.sluice.fleet.pool;

import dev.sluice.fleet.model.PoolDefinition.Balance;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Chooses among members that may all have the next session. Pure, but for the turns that are noted
 * in the members. {@code share} tells a member's weight at the moment, which is above 0.
 */
final class Balancing {
  private Balancing() {}

  /**
   * One of the candidates.
   *
   * @param candidates at least one
   * @param client who asks; without a name there is no hash, and turns are taken
   */
  static PoolMember choose(
      Balance balance,
      List<PoolMember> candidates,
      String client,
      ToDoubleFunction<PoolMember> share) {
    return switch (balance) {
      case ROUND_ROBIN -> inTurn(candidates, share);
      case LEAST_SESSIONS -> inTurn(leastBusy(candidates, share), share);
      case HASH -> client.isEmpty() ? inTurn(candidates, share) : hashed(candidates, client, share);
    };
  }

  /**
   * Smooth weighted round-robin: each turn gives every member its weight as credit, and the one
   * with most pays for all. Members alternate as evenly as their weights allow.
   */
  private static PoolMember inTurn(
      List<PoolMember> candidates, ToDoubleFunction<PoolMember> share) {
    double total = 0;
    PoolMember best = candidates.get(0);
    for (PoolMember member : candidates) {
      double weight = share.applyAsDouble(member);
      total += weight;
      member.credit += weight;
      if (member.credit > best.credit) {
        best = member;
      }
    }
    best.credit -= total;
    return best;
  }

  private static List<PoolMember> leastBusy(
      List<PoolMember> candidates, ToDoubleFunction<PoolMember> share) {
    double least = Double.MAX_VALUE;
    for (PoolMember member : candidates) {
      least = Math.min(least, (member.active + 1) / share.applyAsDouble(member));
    }
    double bound = least * (1 + 1e-9);
    return candidates.stream()
        .filter(member -> (member.active + 1) / share.applyAsDouble(member) <= bound)
        .toList();
  }

  /**
   * Rendezvous hashing with weights: each member draws a number for the client, and the highest
   * wins. A member that goes takes only its own clients with it.
   */
  private static PoolMember hashed(
      List<PoolMember> candidates, String client, ToDoubleFunction<PoolMember> share) {
    PoolMember best = candidates.get(0);
    double highest = Double.NEGATIVE_INFINITY;
    for (PoolMember member : candidates) {
      double draw = (hash(client, member.name) >>> 11) * 0x1p-53 + 0x1p-54; // above 0, below 1
      double score = -share.applyAsDouble(member) / Math.log(draw);
      if (score > highest) {
        highest = score;
        best = member;
      }
    }
    return best;
  }

  private static long hash(String client, String member) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (int i = 0; i < client.length(); i++) {
      hash = (hash ^ client.charAt(i)) * 0x100000001b3L;
    }
    hash = (hash ^ '\n') * 0x100000001b3L;
    for (int i = 0; i < member.length(); i++) {
      hash = (hash ^ member.charAt(i)) * 0x100000001b3L;
    }
    hash ^= hash >>> 33; // spreads the last characters over all bits
    hash *= 0xff51afd7ed558ccdL;
    hash ^= hash >>> 33;
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
