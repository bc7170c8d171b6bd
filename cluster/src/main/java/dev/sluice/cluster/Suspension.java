package dev.sluice.cluster;

import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.log.RelayLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether this node must own nothing for now, although it is a member: it stood still, or most
 * nodes can't be reached. It goes on once most nodes have answered it again. Not thread-safe.
 */
final class Suspension {
  private final ClusterSettings.Profile profile;
  private final Membership membership;
  private final Claims claims;
  private @Nullable String reason = "it has not joined yet";
  private long resumesWith;
  private @Nullable Long smallerSince;

  Suspension(ClusterSettings.Profile profile, Membership membership, Claims claims) {
    this.profile = profile;
    this.membership = membership;
    this.claims = claims;
  }

  /** Why; null when it owns what it is to own. */
  @Nullable String reason() {
    return reason;
  }

  void begin(String why) {
    if (reason == null) {
      RelayLog.ofProcess().warning("cluster: this node gives up what it owns: " + why);
    }
    reason = why;
    claims.renew();
    resumesWith = claims.number();
  }

  /** Whether it goes on; ends once most nodes have answered what was told since it began. */
  boolean isGoingOn() {
    if (reason == null) {
      return false;
    }
    NodeId self = membership.selfId();
    List<NodeId> up = membership.up();
    long answered =
        up.stream().filter(node -> node.equals(self) || claims.hasSeen(node, resumesWith)).count();
    if (membership.isUp(self) && membership.isOnLargerSide() && answered * 2 > up.size()) {
      reason = null;
    }
    return reason != null;
  }

  /**
   * Whether this node has been on the smaller side of a split for so long that it gives up, before
   * the resolver lets others begin.
   */
  boolean isOnSmallerSide(long now) {
    if (membership.self() == null || !membership.isUp(membership.selfId())) {
      return false;
    }
    if (membership.isOnLargerSide()) {
      smallerSince = null;
      return false;
    }
    if (smallerSince == null) {
      smallerSince = now;
      return false;
    }
    return now - smallerSince > ClusterConfig.stableAfter(profile).dividedBy(2).toNanos();
  }
}
