package dev.sluice.cluster;

import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import dev.sluice.cluster.Rendezvous.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes as Akka's membership has them, and those that were removed a moment ago. Plain values;
 * the caller tells the time, in nanoseconds.
 */
final class Membership {
  private static final String LABEL = "label:";
  private static final String WEIGHT = "weight:";

  private final NodeId self;
  private final Duration margin;
  private Map<NodeId, Member> members = Map.of();
  private Set<NodeId> unreachable = Set.of();

  /** Nodes that were removed without having left, and until when they may still run relays. */
  private final Map<NodeId, Long> ghosts = new HashMap<>();

  /**
   * Makes one.
   *
   * @param margin how long a node that was removed may need to notice that itself
   */
  Membership(NodeId self, Duration margin) {
    this.self = self;
    this.margin = margin;
  }

  /** The roles that tell other nodes of labels and weight. */
  static List<String> roles(SortedMap<String, String> labels, int weight) {
    List<String> roles = new ArrayList<>();
    labels.forEach((name, value) -> roles.add(LABEL + name + "=" + value));
    roles.add(WEIGHT + weight);
    return roles;
  }

  static Candidate candidate(Member member) {
    SortedMap<String, String> labels = new TreeMap<>();
    int weight = 0;
    for (String role : member.getRoles()) {
      if (role.startsWith(LABEL)) {
        int equals = role.indexOf('=');
        labels.put(role.substring(LABEL.length(), equals), role.substring(equals + 1));
      } else if (role.startsWith(WEIGHT)) {
        weight = Integer.parseInt(role.substring(WEIGHT.length()));
      }
    }
    return new Candidate(NodeId.text(member.address()), labels, weight);
  }

  /** Takes the newest state; whether anything is different. */
  boolean update(CurrentClusterState state, long now) {
    Map<NodeId, Member> next = new TreeMap<>();
    state.getMembers().forEach(member -> next.put(NodeId.of(member), member));
    Set<NodeId> out = new TreeSet<>();
    state.getUnreachable().forEach(member -> out.add(NodeId.of(member)));
    for (Map.Entry<NodeId, Member> before : members.entrySet()) {
      if (!next.containsKey(before.getKey())
          && !before.getValue().status().equals(MemberStatus.exiting())) {
        ghosts.put(before.getKey(), now + margin.toNanos());
      }
    }
    Set<String> present = new HashSet<>();
    next.keySet().forEach(node -> present.add(node.node())); // another run at the same address
    boolean ended =
        ghosts
            .entrySet()
            .removeIf(
                ghost -> ghost.getValue() - now <= 0 || present.contains(ghost.getKey().node()));
    boolean differs = ended || !next.equals(members) || !out.equals(unreachable);
    if (!differs) {
      for (Map.Entry<NodeId, Member> one : next.entrySet()) {
        Member before = members.get(one.getKey());
        differs |= before == null || !before.status().equals(one.getValue().status());
      }
    }
    members = next;
    unreachable = out;
    return differs;
  }

  Map<NodeId, Member> members() {
    return members;
  }

  Set<NodeId> unreachable() {
    return unreachable;
  }

  /** This node. */
  NodeId selfId() {
    return self;
  }

  @Nullable Member self() {
    return members.get(self);
  }

  boolean isUp(NodeId node) {
    Member member = members.get(node);
    return member != null && member.status().equals(MemberStatus.up());
  }

  boolean isDown(NodeId node) {
    Member member = members.get(node);
    return member != null && member.status().equals(MemberStatus.down());
  }

  /** Members other than this one, and those that were removed a moment ago. */
  Set<NodeId> others() {
    Set<NodeId> others = new TreeSet<>(members.keySet());
    others.addAll(ghosts.keySet());
    others.remove(self);
    return others;
  }

  /** Nodes that are up, reachable or not. */
  List<NodeId> up() {
    return members.keySet().stream().filter(this::isUp).toList();
  }

  /**
   * Whether this node is on the side that the split brain resolver keeps (keep-majority): most of
   * the members, or half of them with the lowest address.
   */
  boolean isOnLargerSide() {
    List<NodeId> voters =
        members.entrySet().stream()
            .filter(
                one ->
                    one.getValue().status().equals(MemberStatus.up())
                        || one.getValue().status().equals(MemberStatus.leaving()))
            .map(Map.Entry::getKey)
            .toList();
    long reachable = voters.stream().filter(node -> !unreachable.contains(node)).count();
    if (reachable * 2 == voters.size() && !voters.isEmpty()) {
      return !unreachable.contains(voters.get(0));
    }
    return reachable * 2 > voters.size();
  }

  /** The address of a member as Akka has it; null when there is none of that name. */
  @Nullable Member find(String node) {
    for (Map.Entry<NodeId, Member> one : members.entrySet()) {
      if (one.getKey().node().equals(node)) {
        return one.getValue();
      }
    }
    List<Member> ofHost =
        members.values().stream()
            .filter(member -> member.address().getHost().orElse("").equals(node))
            .toList();
    return ofHost.size() == 1 ? ofHost.get(0) : null;
  }
}
