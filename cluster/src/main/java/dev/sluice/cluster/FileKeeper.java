package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ddata.Key;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.LWWRegisterKey;
import akka.cluster.ddata.SelfUniqueAddress;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides which fleet holds: the cluster has one of these (a singleton), so of two changes at the
 * same time one is first, and the other is refused. It writes to a majority of nodes; Distributed
 * Data brings it to all, and to those that join later.
 */
final class FileKeeper extends AbstractBehavior<FileKeeper.Command> {
  /** What it is told. */
  interface Command {}

  static final Key<LWWRegister<Wire>> FILE = LWWRegisterKey.create("fleet");
  static final Key<LWWRegister<Wire>> MOVES = LWWRegisterKey.create("moves");

  /** The newest version holds; one actor gives them. */
  static final LWWRegister.Clock<Wire> CLOCK =
      (time, value) ->
          value instanceof Wire.Document document
              ? document.version()
              : ((Wire.Moves) value).version();

  private static final Duration PATIENCE = Duration.ofSeconds(3);

  /** How long nodes may take to say what they have, in a cluster that has nothing. */
  private static final Duration COLLECT = Duration.ofSeconds(1);

  private record FileRead(Replicator.GetResponse<LWWRegister<Wire>> response) implements Command {}

  private record MovesRead(Replicator.GetResponse<LWWRegister<Wire>> response) implements Command {}

  private record FileWritten(
      Wire.Document document, boolean isDone, @Nullable ActorRef<Wire.Answer> replyTo)
      implements Command {}

  private record MovesWritten(Wire.Moves moves, boolean isDone, ActorRef<Wire.Answer> replyTo)
      implements Command {}

  private enum Collected implements Command {
    NOW
  }

  private final SelfUniqueAddress self;
  private final ReplicatorMessageAdapter<Command, LWWRegister<Wire>> data;
  private final Deque<Command> waiting = new ArrayDeque<>();
  private Wire.@Nullable Document current;
  private Wire.Moves moves = new Wire.Moves(0, new TreeMap<>());
  private Wire.@Nullable Document proposed;
  private int reading = 2;
  private boolean writing;

  private FileKeeper(
      ActorContext<Command> context, ReplicatorMessageAdapter<Command, LWWRegister<Wire>> data) {
    super(context);
    this.self = DistributedData.get(context.getSystem()).selfUniqueAddress();
    this.data = data;
    readFile();
    readMoves();
  }

  static Behavior<Command> create() {
    return Behaviors.setup(
        context ->
            DistributedData.withReplicatorMessageAdapter(
                (ReplicatorMessageAdapter<Command, LWWRegister<Wire>> data) ->
                    new FileKeeper(context, data)));
  }

  private void readFile() {
    data.askGet(
        replyTo -> new Replicator.Get<>(FILE, new Replicator.ReadMajority(PATIENCE), replyTo),
        FileRead::new);
  }

  private void readMoves() {
    data.askGet(
        replyTo -> new Replicator.Get<>(MOVES, new Replicator.ReadMajority(PATIENCE), replyTo),
        MovesRead::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(FileRead.class, this::onFileRead)
        .onMessage(MovesRead.class, this::onMovesRead)
        .onMessage(Wire.Propose.class, this::onPropose)
        .onMessage(Wire.Publish.class, this::onPublish)
        .onMessage(Wire.Move.class, this::onMove)
        .onMessage(FileWritten.class, this::onFileWritten)
        .onMessage(MovesWritten.class, this::onMovesWritten)
        .onMessage(Collected.class, this::onCollected)
        .build();
  }

  private Behavior<Command> onFileRead(FileRead message) {
    if (message.response() instanceof Replicator.GetSuccess<LWWRegister<Wire>> found) {
      current = (Wire.Document) found.get(FILE).getValue();
    } else if (!(message.response() instanceof Replicator.NotFound<LWWRegister<Wire>>)) {
      readFile(); // no majority answers now
      return this;
    }
    return read();
  }

  private Behavior<Command> onMovesRead(MovesRead message) {
    if (message.response() instanceof Replicator.GetSuccess<LWWRegister<Wire>> found) {
      moves = (Wire.Moves) found.get(MOVES).getValue();
    } else if (!(message.response() instanceof Replicator.NotFound<LWWRegister<Wire>>)) {
      readMoves();
      return this;
    }
    return read();
  }

  private Behavior<Command> read() {
    reading--;
    return next();
  }

  private Behavior<Command> next() {
    if (!isBusy()) {
      waiting.forEach(getContext().getSelf()::tell);
      waiting.clear();
    }
    return this;
  }

  private boolean isBusy() {
    return reading > 0 || writing;
  }

  /** The newest of what nodes kept holds, if the cluster has nothing newer. */
  private Behavior<Command> onPropose(Wire.Propose message) {
    Wire.Document known = current;
    if (known != null && known.version() >= message.document().version()) {
      return this;
    }
    Wire.Document best = proposed;
    if (best == null) {
      getContext().scheduleOnce(COLLECT, getContext().getSelf(), Collected.NOW);
    }
    if (best == null || best.version() < message.document().version()) {
      proposed = message.document();
    }
    return this;
  }

  private Behavior<Command> onCollected(Collected message) {
    Wire.Document best = proposed;
    if (isBusy()) {
      getContext().scheduleOnce(COLLECT, getContext().getSelf(), message);
      return this;
    }
    proposed = null;
    Wire.Document known = current;
    if (best != null && (known == null || known.version() < best.version())) {
      write(
          new Wire.Document(Math.max(1, best.version()), best.author(), best.time(), best.shared()),
          null);
    }
    return this;
  }

  private Behavior<Command> onPublish(Wire.Publish message) {
    if (isBusy()) {
      waiting.add(message);
      return this;
    }
    Wire.Document known = current;
    long version = known == null ? 0 : known.version();
    if (message.against() != version) {
      String text =
          known == null
              ? "the cluster has no file yet"
              : "version "
                  + version
                  + " was applied on "
                  + known.author()
                  + " at "
                  + Instant.ofEpochMilli(known.time());
      message.replyTo().tell(new Wire.Answer(false, text + ", which goes before", version));
      return this;
    }
    Wire.Document document = message.document();
    write(
        new Wire.Document(version + 1, document.author(), document.time(), document.shared()),
        message.replyTo());
    return this;
  }

  private void write(Wire.Document document, @Nullable ActorRef<Wire.Answer> replyTo) {
    writing = true;
    data.askUpdate(
        answer ->
            new Replicator.Update<>(
                FILE,
                LWWRegister.create(self, (Wire) document, CLOCK),
                new Replicator.WriteMajority(PATIENCE),
                answer,
                before -> before.withValue(self, document, CLOCK)),
        response ->
            new FileWritten(document, response instanceof Replicator.UpdateSuccess<?>, replyTo));
  }

  private Behavior<Command> onFileWritten(FileWritten message) {
    writing = false;
    current = message.document(); // even without a majority it is on its way to all nodes
    if (message.replyTo() != null) {
      message
          .replyTo()
          .tell(
              new Wire.Answer(
                  message.isDone(),
                  message.isDone() ? "" : "most nodes have not confirmed it, so it may not hold",
                  message.document().version()));
    }
    return next();
  }

  private Behavior<Command> onMove(Wire.Move message) {
    if (isBusy()) {
      waiting.add(message);
      return this;
    }
    TreeMap<String, String> nodes = new TreeMap<>(moves.nodes());
    if (message.node() == null) {
      nodes.remove(message.relay());
    } else {
      nodes.put(message.relay(), message.node());
    }
    Wire.Moves next = new Wire.Moves(moves.version() + 1, nodes);
    writing = true;
    data.askUpdate(
        answer ->
            new Replicator.Update<>(
                MOVES,
                LWWRegister.create(self, (Wire) next, CLOCK),
                new Replicator.WriteMajority(PATIENCE),
                answer,
                before -> before.withValue(self, next, CLOCK)),
        response ->
            new MovesWritten(
                next, response instanceof Replicator.UpdateSuccess<?>, message.replyTo()));
    return this;
  }

  private Behavior<Command> onMovesWritten(MovesWritten message) {
    writing = false;
    moves = message.moves();
    message
        .replyTo()
        .tell(
            new Wire.Answer(
                message.isDone(),
                message.isDone() ? "" : "most nodes have not confirmed it",
                message.moves().version()));
    return next();
  }
}
