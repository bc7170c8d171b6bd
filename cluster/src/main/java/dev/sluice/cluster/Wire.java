package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What nodes send to each other; {@link WireSerializer} writes it. */
sealed interface Wire {
  /**
   * All that a node says of its relays; each one is newer than those with a lower number.
   *
   * @param from the sender
   * @param number counts the reports of the sender
   * @param acks the newest report of each other node that the sender has seen
   * @param held relays that the sender owns, or has not let go yet
   * @param wants relays that it would own as soon as nobody else does
   * @param doors ports where the sender takes sessions for its relays, by relay
   * @param refused nodes whose cluster port refuses the sender's connections
   * @param draining whether it hands over what it owns
   * @param leaving whether it has let go of everything, for good
   * @param file the version of the file that it runs
   */
  record Report(
      NodeId from,
      long number,
      Map<NodeId, Long> acks,
      Set<String> held,
      Set<String> wants,
      Map<String, Integer> doors,
      Set<NodeId> refused,
      boolean draining,
      boolean leaving,
      long file)
      implements Wire, NodeCommand {}

  /** A report that says the same as the one before; has only what it acknowledges. */
  record Beat(NodeId from, long number, Map<NodeId, Long> acks) implements Wire, NodeCommand {}

  /** Please send your report again. */
  record Resend(NodeId from) implements Wire, NodeCommand {}

  /** Something asked by hand, of the node that gets it. */
  record Order(List<String> words, ActorRef<Answer> replyTo) implements Wire, NodeCommand {}

  /** What became of an {@link Order} or of {@link Publish}. */
  record Answer(boolean done, String text, long version) implements Wire {}

  /** A node asks for the relays' states of another one. */
  record AskStates(ActorRef<States> replyTo) implements Wire, NodeCommand {}

  /** A node's relays: state and, where it fails, why. */
  record States(NodeId from, Map<String, String> states) implements Wire {}

  /**
   * The shared part of the fleet.
   *
   * @param version counts what was applied
   * @param author the node that it was applied on
   * @param time when that was, in milliseconds since 1970
   */
  record Document(long version, String author, long time, String shared) implements Wire {}

  /** Relays that were moved by hand: their nodes. */
  record Moves(long version, Map<String, String> nodes) implements Wire {}

  /** Have this hold for all nodes. {@code against} the version that its author knew. */
  record Publish(Document document, long against, ActorRef<Answer> replyTo)
      implements Wire, FileKeeper.Command {}

  /** What a node has from its last run, or from its file; for a cluster that has nothing yet. */
  record Propose(Document document) implements Wire, FileKeeper.Command {}

  /** Move a relay by hand; null for the node that it would have otherwise. */
  record Move(String relay, @Nullable String node, ActorRef<Answer> replyTo)
      implements Wire, FileKeeper.Command {}
}
