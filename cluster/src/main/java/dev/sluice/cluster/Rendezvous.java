package dev.sluice.cluster;

import dev.sluice.fleet.model.Placement;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the owner of a relay: weighted rendezvous hashing. Each node has a score for each relay,
 * and the highest one wins; so a node that comes takes only what it wins, and a node that goes
 * leaves the others what they had. See Thaler and Ravishankar, "A name-based mapping scheme for
 * rendezvous", 1996; the weight's part is {@code -weight / ln(hash)}.
 */
final class Rendezvous {
  /** A node that may own relays. */
  record Candidate(String node, SortedMap<String, String> labels, int weight) {}

  private Rendezvous() {}

  /** The owner among these; null when none matches. */
  static @Nullable String owner(
      String relay, Placement placement, Collection<Candidate> candidates) {
    String best = null;
    double highest = 0;
    for (Candidate one : candidates) {
      if (one.weight() <= 0 || !placement.matches(one.labels())) {
        continue;
      }
      double score = score(relay, one);
      if (best == null || score > highest || (score == highest && one.node().compareTo(best) < 0)) {
        best = one.node();
        highest = score;
      }
    }
    return best;
  }

  private static double score(String relay, Candidate candidate) {
    long hash = hash(relay + "\0" + candidate.node());
    double between0And1 = ((hash >>> 11) + 0.5) / (1L << 53);
    return -candidate.weight() / Math.log(between0And1);
  }

  /** FNV-1a with the finish of MurmurHash3, so that names that differ in one letter are spread. */
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
