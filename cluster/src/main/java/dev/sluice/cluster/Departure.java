package dev.sluice.cluster;

import akka.cluster.typed.Leave;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a node gives up what it owns because somebody wants it to: for a while (drain), or for good
 * before it leaves the cluster. Used on the node's actor only.
 */
final class Departure {
  /** How long a node that leaves waits for others to take over. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(5);

  private final NodeParts node;
  private boolean draining;
  private boolean hasLet;
  private @Nullable Long since;

  Departure(NodeParts node) {
    this.node = node;
  }

  /** Whether others are to take over what this node owns. */
  boolean isGiving() {
    return draining || isGoingOn();
  }

  /** Whether this node leaves the cluster. */
  boolean isGoingOn() {
    return since != null;
  }

  /** Whether it owns nothing any more, and never will again. */
  boolean hasLet() {
    return hasLet;
  }

  void drain(boolean on) {
    draining = on;
    node.claims().renew();
  }

  /** Begins to leave; {@link #goOn} does the rest. */
  void begin() {
    if (since == null) {
      since = System.nanoTime();
      node.claims().renew();
    }
  }

  /** Lets go once others have taken over, then leaves. */
  void goOn() {
    if (since == null) {
      return;
    }
    Handover handover = node.handover();
    if (hasLet) {
      if (handover.isFree()) {
        node.cluster().manager().tell(new Leave(node.cluster().selfMember().address()));
      }
      return;
    }
    boolean isAlone = node.membership().up().size() < 2;
    if (handover.isFree() || isAlone || System.nanoTime() - since > HANDING_OVER.toNanos()) {
      hasLet = true;
      handover.letGoOfAll("lets go of");
      node.claims().renew();
    }
  }
}
