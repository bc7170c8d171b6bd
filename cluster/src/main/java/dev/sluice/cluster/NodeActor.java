package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.ClusterEvent;
import akka.cluster.Member;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.Down;
import akka.cluster.typed.Leave;
import akka.cluster.typed.SingletonActor;
import akka.cluster.typed.Subscribe;
import dev.sluice.cluster.Rendezvous.Candidate;
import dev.sluice.fleet.cluster.FleetCluster.Verdict;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster: follows Akka's membership, tells the other nodes of its relays, and takes
 * and lets go what it is to own.
 */
final class NodeActor extends AbstractBehavior<NodeCommand> {
  private static final Duration TICK = Duration.ofMillis(100);

  /** A beat goes out each so many ticks; a look at ports of nodes as often. */
  private static final int BEAT = 5;

  /** How long a drained node waits for others to take over. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final ClusterSettings settings;
  private final LocalFleet fleet;
  private final Shared shared;
  private final FleetFile file;
  private final Cluster cluster;
  private final NodeId self;
  private final Membership membership;
  private final Claims claims;
  private final Placer placer = new Placer();
  private final Handover handover;
  private final Suspension suspension;
  private final NodeOrders orders;
  private final Deaths deaths;
  private final Peers peers;
  private final Executor blocking;
  private final ActorRef<FileKeeper.Command> keeper;
  private final Map<String, Integer> doors = new TreeMap<>();
  private final Map<NodeId, Long> sentAt = new HashMap<>();
  private Map<String, String> moves = Map.of();
  private boolean draining;
  private boolean hasLet;
  private @Nullable Long departing;
  private long sent;
  private long ticks;
  private boolean knowsFile;

  private NodeActor(
      ActorContext<NodeCommand> context,
      ClusterSettings settings,
      LocalFleet fleet,
      Shared shared,
      FleetFile file,
      Fleet running,
      Addresses addresses,
      ReplicatorMessageAdapter<NodeCommand, LWWRegister<Wire>> data,
      TimerScheduler<NodeCommand> timers) {
    super(context);
    this.settings = settings;
    this.fleet = fleet;
    this.shared = shared;
    this.file = file;
    this.cluster = Cluster.get(context.getSystem());
    this.self = NodeId.of(cluster.selfMember());
    this.membership = new Membership(self, ClusterConfig.margin(settings.profile()));
    this.claims = new Claims(self);
    this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
    this.handover =
        new Handover(
            self,
            claims,
            placer,
            membership,
            fleet,
            (placing, alive) -> context.getSelf().tell(new NodeCommand.Lingering(placing, alive)),
            addresses,
            relays -> context.getSelf().tell(new NodeCommand.GivenBack(relays)));
    this.deaths = new Deaths(blocking, context.getSelf()::tell);
    this.peers = new Peers(context.getSystem());
    this.suspension = new Suspension(settings.profile(), membership, claims);
    this.keeper =
        ClusterSingleton.get(context.getSystem())
            .init(SingletonActor.of(FileKeeper.create(), "file"));
    this.orders =
        new NodeOrders(
            context.getSystem(), cluster.manager(), membership, placer, keeper, this::actorOf);
    data.subscribe(FileKeeper.FILE, NodeCommand.DataChanged::new);
    data.subscribe(FileKeeper.MOVES, NodeCommand.DataChanged::new);
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(
                    ClusterEvent.ClusterDomainEvent.class, NodeCommand.Changed::new),
                ClusterEvent.ClusterDomainEvent.class));
    timers.startTimerWithFixedDelay(NodeCommand.Tick.NOW, TICK);
    placer.fleet(running);
    shared.pauses.begin();
    fleet.place(Set.of(), alive -> {});
    handover.giveAllBack();
  }

  static Behavior<NodeCommand> create(
      ClusterSettings settings,
      LocalFleet fleet,
      Shared shared,
      FleetFile file,
      Fleet running,
      Addresses addresses) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers ->
                    DistributedData.withReplicatorMessageAdapter(
                        (ReplicatorMessageAdapter<NodeCommand, LWWRegister<Wire>> data) ->
                            new NodeActor(
                                context, settings, fleet, shared, file, running, addresses, data,
                                timers))));
  }

  @Override
  public Receive<NodeCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(NodeCommand.Tick.class, tick -> onTick())
        .onMessage(NodeCommand.Changed.class, event -> settled())
        .onMessage(Wire.Report.class, this::onReport)
        .onMessage(Wire.Beat.class, this::onBeat)
        .onMessage(Wire.Resend.class, this::onResend)
        .onMessage(Deaths.Looked.class, this::onLooked)
        .onMessage(NodeCommand.GivenBack.class, this::onGivenBack)
        .onMessage(NodeCommand.Lingering.class, this::onLingering)
        .onMessage(NodeCommand.Running.class, this::onRunning)
        .onMessage(NodeCommand.Door.class, this::onDoor)
        .onMessage(NodeCommand.DataChanged.class, this::onDataChanged)
        .onMessage(NodeCommand.FileRuns.class, this::onFileRuns)
        .onMessage(NodeCommand.Publish.class, this::onPublish)
        .onMessage(NodeCommand.Published.class, this::onPublished)
        .onMessage(NodeCommand.View.class, this::onView)
        .onMessage(Wire.AskStates.class, this::onAskStates)
        .onMessage(NodeCommand.Move.class, this::onMove)
        .onMessage(NodeCommand.ByHand.class, this::onByHand)
        .onMessage(Wire.Order.class, this::onOrder)
        .onMessage(NodeCommand.Depart.class, this::onDepart)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  /** Before the cluster's transport is closed, which others would take for this node's end. */
  private Behavior<NodeCommand> onStop() {
    shared.serving(false);
    shared.routes(Map.of());
    fleet.place(Set.of(), alive -> {});
    handover.giveAllBack();
    return this;
  }

  // --- what this node may do

  private Behavior<NodeCommand> onTick() {
    long gap = shared.pauses.tick();
    if (shared.pauses.isNoticed(gap)) {
      RelayLog.ofProcess()
          .warning(String.format("cluster: this node stood still for %.1f s", gap / 1e9));
    }
    if (shared.pauses.isTooLong(gap)) {
      suspend("it stood still, and others may have taken over");
    }
    ticks++;
    if (suspension.isOnSmallerSide(System.nanoTime())) {
      suspend("most nodes can't be reached");
    }
    deaths.look(living(), ticks % BEAT == 0);
    if (ticks % BEAT == 0) {
      proposeFile();
      beat();
    }
    return settled();
  }

  private Set<NodeId> living() {
    Set<NodeId> living = new TreeSet<>(membership.members().keySet());
    living.remove(self);
    return living;
  }

  private void suspend(String why) {
    suspension.begin(why);
    shared.serving(false);
    handover.letGoOfAll("gives up");
  }

  private boolean mayOwn() {
    int enough = settings.members() == 2 ? 1 : settings.quorum();
    return membership.isUp(self)
        && !suspension.isGoingOn()
        && !hasLet
        && knowsFile
        && membership.up().size() >= enough;
  }

  private Behavior<NodeCommand> settled() {
    membership.update(cluster.state(), System.nanoTime());
    Set<NodeId> known = membership.others();
    claims.retain(known);
    peers.retain(known);
    List<Candidate> candidates = new ArrayList<>();
    for (NodeId node : membership.up()) {
      Wire.Report report = claims.of(node);
      boolean isGiving =
          node.equals(self)
              ? draining || departing != null
              : report != null && (report.draining() || report.leaving());
      Member member = membership.members().get(node);
      if (!isGiving && member != null) {
        candidates.add(Membership.candidate(member));
      }
    }
    placer.candidates(candidates);
    boolean mayOwn = mayOwn();
    shared.serving(mayOwn);
    if (mayOwn) {
      handover.settle(placer.of(self.node()), holders(known));
    } else if (!handover.isFree()) {
      handover.letGoOfAll("gives up");
    }
    depart();
    publish();
    return this;
  }

  /** The nodes that may hold a relay: all but those whose process is gone for certain. */
  private Set<NodeId> holders(Set<NodeId> known) {
    Set<NodeId> holders = new TreeSet<>(known);
    holders.removeIf(node -> membership.isDown(node) && deaths.isDead(node));
    return holders;
  }

  // --- what nodes tell each other

  private Wire.Report report() {
    return new Wire.Report(
        self,
        claims.number(),
        claims.acknowledged(),
        claims.held(),
        claims.wants(),
        new TreeMap<>(doors),
        deaths.dead(),
        draining || departing != null,
        hasLet,
        file.running().version());
  }

  private void publish() {
    if (claims.number() != sent) {
      sent = claims.number();
      living().forEach(this::send);
    }
    RouteBoard.show(shared, placer, handover, claims, membership, file.running().version());
  }

  private void send(NodeId node) {
    sentAt.put(node, System.nanoTime());
    peers.of(node).tell(report());
  }

  private void beat() {
    living().forEach(this::beat);
  }

  private void beat(NodeId node) {
    peers.of(node).tell(new Wire.Beat(self, claims.number(), claims.acknowledged()));
  }

  private Behavior<NodeCommand> onReport(Wire.Report report) {
    if (!membership.members().containsKey(report.from())) {
      membership.update(cluster.state(), System.nanoTime());
      if (!membership.members().containsKey(report.from())) {
        return this; // it is removed, or not known yet and says it again
      }
    }
    claims.heard(report);
    handover.heard(report.from(), System.nanoTime());
    long before = claims.number();
    Behavior<NodeCommand> next = settled();
    if (claims.number() == before) {
      beat(report.from());
    }
    confirmDeaths();
    return next;
  }

  private Behavior<NodeCommand> onBeat(Wire.Beat beat) {
    if (!membership.members().containsKey(beat.from())) {
      return this;
    }
    if (!claims.heard(beat)) {
      peers.of(beat.from()).tell(new Wire.Resend(self));
      return this;
    }
    handover.heard(beat.from(), System.nanoTime());
    boolean isOld = !claims.hasSeen(beat.from(), claims.number());
    if (isOld
        && System.nanoTime() - sentAt.getOrDefault(beat.from(), 0L)
            > TICK.multipliedBy(3).toNanos()) {
      send(beat.from());
    }
    return settled();
  }

  private Behavior<NodeCommand> onResend(Wire.Resend message) {
    if (membership.members().containsKey(message.from())) {
      send(message.from());
    }
    return this;
  }

  // --- certain death

  private Behavior<NodeCommand> onLooked(Deaths.Looked message) {
    if (deaths.looked(message)) {
      claims.renew(); // tells the others
    }
    confirmDeaths();
    return settled();
  }

  /** Downs a node that two nodes found dead, or the only one that is left. */
  private void confirmDeaths() {
    for (NodeId node : deaths.dead()) {
      Member member = membership.members().get(node);
      if (member == null || membership.isDown(node)) {
        continue;
      }
      Set<NodeId> others = living();
      others.remove(node);
      others.removeIf(membership::isDown);
      boolean isSeenByOther =
          others.stream()
              .filter(other -> !deaths.isDead(other))
              .map(claims::of)
              .anyMatch(report -> report != null && report.refused().contains(node));
      if (others.isEmpty() || isSeenByOther) {
        RelayLog.ofProcess()
            .warning("cluster: node " + node + " is gone: its host refuses its port");
        cluster.manager().tell(new Down(member.address()));
      }
    }
  }

  // --- the fleet of this node

  private Behavior<NodeCommand> onGivenBack(NodeCommand.GivenBack message) {
    handover.givenBack(message.relays());
    return settled();
  }

  private Behavior<NodeCommand> onLingering(NodeCommand.Lingering message) {
    handover.lingers(message.placing(), message.alive());
    return settled();
  }

  private Behavior<NodeCommand> onRunning(NodeCommand.Running message) {
    placer.fleet(message.fleet());
    return settled();
  }

  private Behavior<NodeCommand> onDoor(NodeCommand.Door message) {
    Integer before =
        message.port() == 0
            ? doors.remove(message.relay())
            : doors.put(message.relay(), message.port());
    if (before == null || before != message.port()) {
      claims.renew();
    }
    return settled();
  }

  // --- one file for all

  private Behavior<NodeCommand> onDataChanged(NodeCommand.DataChanged message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<Wire>> changed) {
      Wire value = changed.dataValue().getValue();
      if (value instanceof Wire.Document document) {
        knowsFile = true;
        claims.renew();
        file.holds(
            document,
            blocking,
            runs -> getContext().getSelf().tell(new NodeCommand.FileRuns(runs)));
      } else if (value instanceof Wire.Moves byHand) {
        moves = byHand.nodes();
        placer.moves(moves);
      }
    }
    return settled();
  }

  private Behavior<NodeCommand> onFileRuns(NodeCommand.FileRuns message) {
    file.runs(message.document(), blocking);
    claims.renew();
    return settled();
  }

  /** A cluster that has no file gets the newest one that a node has. */
  private void proposeFile() {
    if (!knowsFile && membership.isUp(self) && ticks % (2 * BEAT) == 0) {
      keeper.tell(new Wire.Propose(file.running()));
    }
  }

  private Behavior<NodeCommand> onPublish(NodeCommand.Publish message) {
    if (!membership.isUp(self)) {
      message
          .result()
          .complete(
              new Verdict(
                  file.running().version(),
                  "this node has not joined the cluster, so nobody else would get it"));
      return this;
    }
    Wire.Document draft = file.draft(message.shared(), System.currentTimeMillis());
    getContext()
        .pipeToSelf(
            AskPattern.<FileKeeper.Command, Wire.Answer>ask(
                keeper,
                replyTo -> new Wire.Publish(draft, file.running().version(), replyTo),
                PATIENCE,
                getContext().getSystem().scheduler()),
            (answer, failure) -> new NodeCommand.Published(answer, message.result()));
    return this;
  }

  private Behavior<NodeCommand> onPublished(NodeCommand.Published message) {
    Wire.Answer answer = message.answer();
    file.published(answer != null && answer.done() ? answer.version() : 0, blocking);
    claims.renew();
    message
        .result()
        .complete(
            answer == null
                ? new Verdict(file.running().version(), "the cluster does not answer")
                : new Verdict(answer.version(), answer.done() ? null : answer.text()));
    return settled();
  }

  // --- by hand

  private Behavior<NodeCommand> onView(NodeCommand.View message) {
    NodeView.of(
            getContext().getSystem(),
            settings,
            fleet,
            self,
            membership,
            claims,
            handover,
            placer,
            moves,
            peers,
            file,
            shared.pauses,
            suspension.reason())
        .whenComplete(
            (view, failure) -> {
              if (view != null) {
                message.result().complete(view);
              } else {
                message.result().completeExceptionally(failure);
              }
            });
    return this;
  }

  private Behavior<NodeCommand> onAskStates(Wire.AskStates message) {
    fleet.states().thenAccept(states -> message.replyTo().tell(new Wire.States(self, states)));
    return this;
  }

  private Behavior<NodeCommand> onMove(NodeCommand.Move message) {
    orders.move(message);
    return this;
  }

  private Behavior<NodeCommand> onByHand(NodeCommand.ByHand message) {
    orders.give(message);
    return this;
  }

  private ActorRef<NodeCommand> actorOf(NodeId node) {
    return node.equals(self) ? getContext().getSelf() : peers.of(node);
  }

  private Behavior<NodeCommand> onOrder(Wire.Order order) {
    draining = order.words().equals(List.of("drain"));
    RelayLog.ofProcess()
        .always(
            Severity.NOTICE,
            "cluster: this node " + (draining ? "hands over what it owns" : "owns relays again"));
    claims.renew();
    order.replyTo().tell(new Wire.Answer(true, "", 0));
    return settled();
  }

  // --- leaving

  private Behavior<NodeCommand> onDepart(NodeCommand.Depart message) {
    if (departing == null) {
      departing = System.nanoTime();
      claims.renew();
    }
    return settled();
  }

  private void depart() {
    Long since = departing;
    if (since == null || hasLet) {
      if (hasLet && handover.isFree()) {
        cluster.manager().tell(new Leave(cluster.selfMember().address()));
      }
      return;
    }
    boolean isAlone = membership.up().size() < 2;
    if (handover.isFree() || isAlone || System.nanoTime() - since > HANDING_OVER.toNanos()) {
      hasLet = true;
      handover.letGoOfAll("lets go of");
      claims.renew();
    }
  }
}
