package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import dev.sluice.fleet.cluster.FleetCluster.Verdict;

/**
 * The file that all nodes run, seen from one of them: offers its own to a cluster that has none,
 * takes what holds, and has a new version of its own hold. Used on the node's actor only.
 */
final class SharedFile {
  private final ActorContext<NodeCommand> context;
  private final NodeParts node;
  private final FleetFile file;
  private final ActorRef<FileKeeper.Command> keeper;
  private boolean known;

  SharedFile(
      ActorContext<NodeCommand> context, NodeParts node, ActorRef<FileKeeper.Command> keeper) {
    this.context = context;
    this.node = node;
    this.file = node.file();
    this.keeper = keeper;
  }

  /** Whether this node knows which version holds. */
  boolean isKnown() {
    return known;
  }

  /** A cluster that has no file gets the newest one that a node has. */
  void propose() {
    if (!known && node.membership().isUp(node.self())) {
      keeper.tell(new Wire.Propose(file.running()));
    }
  }

  /** A version holds for all. */
  void holds(Wire.Document document) {
    known = true;
    node.claims().renew();
    file.holds(
        document, node.blocking(), runs -> context.getSelf().tell(new NodeCommand.FileRuns(runs)));
  }

  /** A version that holds runs here now. */
  void runs(Wire.Document document) {
    file.runs(document, node.blocking());
    node.claims().renew();
  }

  /** Asks that a new version hold for all; the answer comes as {@link NodeCommand.Published}. */
  void publish(NodeCommand.Publish message) {
    if (!node.membership().isUp(node.self())) {
      message
          .result()
          .complete(
              new Verdict(
                  file.running().version(),
                  "this node has not joined the cluster, so nobody else would get it"));
      return;
    }
    Wire.Document draft = file.draft(message.shared(), System.currentTimeMillis());
    context.pipeToSelf(
        AskPattern.<FileKeeper.Command, Wire.Answer>ask(
            keeper,
            replyTo -> new Wire.Publish(draft, file.running().version(), replyTo),
            NodeOrders.PATIENCE,
            context.getSystem().scheduler()),
        (answer, failure) -> new NodeCommand.Published(answer, message.result()));
  }

  void published(NodeCommand.Published message) {
    Wire.Answer answer = message.answer();
    file.published(answer != null && answer.done() ? answer.version() : 0, node.blocking());
    node.claims().renew();
    message
        .result()
        .complete(
            answer == null
                ? new Verdict(file.running().version(), "the cluster does not answer")
                : new Verdict(answer.version(), answer.done() ? null : answer.text()));
  }
}
