package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.cluster.Member;
import akka.cluster.typed.ClusterCommand;
import akka.cluster.typed.Down;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks of a node, about a relay or any node of the cluster.
 *
 * @param keeper keeps what was moved by hand
 * @param nodes the actor of a node
 */
record NodeOrders(
    ActorSystem<?> system,
    ActorRef<ClusterCommand> cluster,
    Membership membership,
    Placer placer,
    ActorRef<FileKeeper.Command> keeper,
    Function<NodeId, ActorRef<NodeCommand>> nodes) {
  /** How long another node, or the keeper of the file, has to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(8);

  /** Has a relay owned by a node, or by that which the cluster chooses. */
  void move(NodeCommand.Move message) {
    String node = message.node();
    Member member = node == null ? null : membership.find(node);
    if (!placer.knows(message.relay())) {
      refuse(message.result(), "no relay " + message.relay() + " has an owner");
    } else if (node != null && member == null) {
      refuse(message.result(), "no node is called " + node);
    } else {
      String to = member == null ? null : NodeId.text(member.address());
      AskPattern.<FileKeeper.Command, Wire.Answer>ask(
              keeper,
              replyTo -> new Wire.Move(message.relay(), to, replyTo),
              PATIENCE,
              system.scheduler())
          .whenComplete((answer, failure) -> complete(message.result(), answer));
    }
  }

  /** Drains a node, has it take up its relays again, or downs it. */
  void give(NodeCommand.ByHand message) {
    Member member = membership.find(message.node());
    if (member == null) {
      refuse(message.result(), "no node is called " + message.node());
    } else if (message.verb().equals("down")) {
      cluster.tell(new Down(member.address()));
      message.result().complete("");
    } else {
      AskPattern.<NodeCommand, Wire.Answer>ask(
              nodes.apply(NodeId.of(member)),
              replyTo -> new Wire.Order(List.of(message.verb()), replyTo),
              PATIENCE,
              system.scheduler())
          .whenComplete((answer, failure) -> complete(message.result(), answer));
    }
  }

  private static void complete(CompletableFuture<String> result, Wire.@Nullable Answer answer) {
    if (answer == null) {
      refuse(result, "the cluster does not answer");
    } else if (!answer.done()) {
      refuse(result, answer.text());
    } else {
      result.complete(answer.text());
    }
  }

  private static void refuse(CompletableFuture<String> result, String reason) {
    result.completeExceptionally(new IllegalArgumentException(reason));
  }
}
