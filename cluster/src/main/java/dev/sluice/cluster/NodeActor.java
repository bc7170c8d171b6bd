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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster: follows Akka's membership, tells the other nodes of its relays, and takes
 * and lets go what it is to own.
 */
final class NodeActor extends AbstractBehavior<NodeActor.Command> {
  private static final Duration TICK = Duration.ofMillis(100);

  /** A beat goes out each so many ticks; a look at ports of nodes as often. */
  private static final int BEAT = 5;

  /** How long a drained node waits for others to take over. */
  private static final Duration HANDING_OVER = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  /** What it is told. */
  interface Command {}

  private enum Tick implements Command {
    NOW
  }

  /** Membership has changed. */
  private record Changed(ClusterEvent.ClusterDomainEvent event) implements Command {}

  private record DataChanged(Replicator.SubscribeResponse<LWWRegister<Wire>> response)
      implements Command {}

  private record FileRuns(Wire.Document document) implements Command {}

  private record GivenBack(Set<String> relays) implements Command {}

  private record Lingering(int placing, Set<String> alive) implements Command {}

  private record Published(Wire.@Nullable Answer answer, CompletableFuture<Verdict> result)
      implements Command {}

  /** The fleet of this node is another one. */
  record Running(Fleet fleet) implements Command {}

  /** A door listens there, or no longer. */
  record Door(String relay, int port) implements Command {}

  record Publish(String shared, CompletableFuture<Verdict> result) implements Command {}

  record View(CompletableFuture<Map<String, @Nullable Object>> result) implements Command {}

  record Move(String relay, @Nullable String node, CompletableFuture<String> result)
      implements Command {}

  /** Drain, take up again, or down a node, by its name. */
  record ByHand(String verb, String node, CompletableFuture<String> result) implements Command {}

  /** Hand over, then leave. */
  enum Depart implements Command {
    NOW
  }

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
  private @Nullable String suspended = "it has not joined yet";
  private long resumesWith;
  private @Nullable Long smallerSince;
  private long sent;
  private long ticks;
  private boolean knowsFile;

  private NodeActor(
      ActorContext<Command> context,
      ClusterSettings settings,
      LocalFleet fleet,
      Shared shared,
      FleetFile file,
      Fleet running,
      Addresses addresses,
      ReplicatorMessageAdapter<Command, LWWRegister<Wire>> data,
      TimerScheduler<Command> timers) {
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
            (placing, alive) -> context.getSelf().tell(new Lingering(placing, alive)),
            addresses,
            relays -> context.getSelf().tell(new GivenBack(relays)));
    this.deaths = new Deaths(blocking, context.getSelf()::tell);
    this.peers = new Peers(context.getSystem());
    this.keeper =
        ClusterSingleton.get(context.getSystem())
            .init(SingletonActor.of(FileKeeper.create(), "file"));
    data.subscribe(FileKeeper.FILE, DataChanged::new);
    data.subscribe(FileKeeper.MOVES, DataChanged::new);
    cluster
        .subscriptions()
        .tell(
            Subscribe.create(
                context.messageAdapter(ClusterEvent.ClusterDomainEvent.class, Changed::new),
                ClusterEvent.ClusterDomainEvent.class));
    timers.startTimerWithFixedDelay(Tick.NOW, TICK);
    placer.fleet(running);
    shared.pauses.begin();
    fleet.place(Set.of(), alive -> {});
    handover.giveAllBack();
  }

  static Behavior<Command> create(
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
                        (ReplicatorMessageAdapter<Command, LWWRegister<Wire>> data) ->
                            new NodeActor(
                                context, settings, fleet, shared, file, running, addresses, data,
                                timers))));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Tick.class, tick -> onTick())
        .onMessage(Changed.class, event -> settled())
        .onMessage(Wire.Report.class, this::onReport)
        .onMessage(Wire.Beat.class, this::onBeat)
        .onMessage(Wire.Resend.class, this::onResend)
        .onMessage(Deaths.Looked.class, this::onLooked)
        .onMessage(GivenBack.class, this::onGivenBack)
        .onMessage(Lingering.class, this::onLingering)
        .onMessage(Running.class, this::onRunning)
        .onMessage(Door.class, this::onDoor)
        .onMessage(DataChanged.class, this::onDataChanged)
        .onMessage(FileRuns.class, this::onFileRuns)
        .onMessage(Publish.class, this::onPublish)
        .onMessage(Published.class, this::onPublished)
        .onMessage(View.class, this::onView)
        .onMessage(Wire.AskStates.class, this::onAskStates)
        .onMessage(Move.class, this::onMove)
        .onMessage(ByHand.class, this::onByHand)
        .onMessage(Wire.Order.class, this::onOrder)
        .onMessage(Depart.class, this::onDepart)
        .onSignal(PostStop.class, stop -> onStop())
        .build();
  }

  /** Before the cluster's transport is closed, which others would take for this node's end. */
  private Behavior<Command> onStop() {
    shared.serving(false);
    shared.routes(Map.of());
    fleet.place(Set.of(), alive -> {});
    handover.giveAllBack();
    return this;
  }

  // --- what this node may do

  private Behavior<Command> onTick() {
    long gap = shared.pauses.tick();
    if (shared.pauses.isNoticed(gap)) {
      RelayLog.ofProcess()
          .warning(String.format("cluster: this node stood still for %.1f s", gap / 1e9));
    }
    if (shared.pauses.isTooLong(gap)) {
      suspend("it stood still, and others may have taken over");
    }
    ticks++;
    watchSides();
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

  /** On the smaller side of a split this node gives up before the resolver lets others begin. */
  private void watchSides() {
    Member own = membership.self();
    if (own == null || !membership.isUp(self)) {
      return;
    }
    if (membership.isOnLargerSide()) {
      smallerSince = null;
      return;
    }
    long now = System.nanoTime();
    if (smallerSince == null) {
      smallerSince = now;
    } else if (now - smallerSince
        > ClusterConfig.stableAfter(settings.profile()).dividedBy(2).toNanos()) {
      suspend("most nodes can't be reached");
    }
  }

  private void suspend(String why) {
    if (suspended == null) {
      RelayLog.ofProcess().warning("cluster: this node gives up what it owns: " + why);
    }
    suspended = why;
    shared.serving(false);
    claims.renew();
    resumesWith = claims.number();
    handover.letGoOfAll("gives up");
  }

  /** A node that was suspended goes on once most nodes have answered it again. */
  private boolean isSuspended() {
    if (suspended == null) {
      return false;
    }
    List<NodeId> up = membership.up();
    long answered =
        up.stream().filter(node -> node.equals(self) || claims.hasSeen(node, resumesWith)).count();
    if (membership.isUp(self) && membership.isOnLargerSide() && answered * 2 > up.size()) {
      suspended = null;
    }
    return suspended != null;
  }

  private boolean mayOwn() {
    int enough = settings.members() == 2 ? 1 : settings.quorum();
    return membership.isUp(self)
        && !isSuspended()
        && !hasLet
        && knowsFile
        && membership.up().size() >= enough;
  }

  private Behavior<Command> settled() {
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
    showRoutes();
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

  private Behavior<Command> onReport(Wire.Report report) {
    if (!membership.members().containsKey(report.from())) {
      membership.update(cluster.state(), System.nanoTime());
      if (!membership.members().containsKey(report.from())) {
        return this; // it is removed, or not known yet and says it again
      }
    }
    claims.heard(report);
    handover.heard(report.from(), System.nanoTime());
    long before = claims.number();
    Behavior<Command> next = settled();
    if (claims.number() == before) {
      beat(report.from());
    }
    confirmDeaths();
    return next;
  }

  private Behavior<Command> onBeat(Wire.Beat beat) {
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

  private Behavior<Command> onResend(Wire.Resend message) {
    if (membership.members().containsKey(message.from())) {
      send(message.from());
    }
    return this;
  }

  // --- certain death

  private Behavior<Command> onLooked(Deaths.Looked message) {
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

  private Behavior<Command> onGivenBack(GivenBack message) {
    handover.givenBack(message.relays());
    return settled();
  }

  private Behavior<Command> onLingering(Lingering message) {
    handover.lingers(message.placing(), message.alive());
    return settled();
  }

  private Behavior<Command> onRunning(Running message) {
    placer.fleet(message.fleet());
    return settled();
  }

  private Behavior<Command> onDoor(Door message) {
    Integer before =
        message.port() == 0
            ? doors.remove(message.relay())
            : doors.put(message.relay(), message.port());
    if (before == null || before != message.port()) {
      claims.renew();
    }
    return settled();
  }

  private void showRoutes() {
    Map<String, Shared.Route> routes = new HashMap<>();
    Map<String, Integer> owned = new TreeMap<>();
    for (String relay : placer.relays().keySet()) {
      NodeId holder = handover.holder(relay);
      if (holder != null) {
        Wire.Report report = claims.of(holder);
        int door = report == null ? 0 : report.doors().getOrDefault(relay, 0);
        routes.put(relay, new Shared.Route(holder.node(), holder.equals(self), door));
        owned.merge(holder.node(), 1, Integer::sum);
      }
    }
    shared.routes(routes);
    Map<String, Integer> statuses = new TreeMap<>();
    for (String status : List.of("joining", "up", "leaving", "exiting", "down", "unreachable")) {
      statuses.put(status, 0);
    }
    membership
        .members()
        .forEach(
            (node, member) -> statuses.merge(NodeView.status(membership, node), 1, Integer::sum));
    shared.counts(
        new Shared.Counts(
            statuses,
            owned,
            handover.moves(),
            handover.failovers(),
            handover.lastFailover(),
            handover.longestFailover(),
            file.running().version()));
  }

  // --- one file for all

  private Behavior<Command> onDataChanged(DataChanged message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<Wire>> changed) {
      Wire value = changed.dataValue().getValue();
      if (value instanceof Wire.Document document) {
        knowsFile = true;
        claims.renew();
        file.holds(document, blocking, runs -> getContext().getSelf().tell(new FileRuns(runs)));
      } else if (value instanceof Wire.Moves byHand) {
        moves = byHand.nodes();
        placer.moves(moves);
      }
    }
    return settled();
  }

  private Behavior<Command> onFileRuns(FileRuns message) {
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

  private Behavior<Command> onPublish(Publish message) {
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
            (answer, failure) -> new Published(answer, message.result()));
    return this;
  }

  private Behavior<Command> onPublished(Published message) {
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

  private Behavior<Command> onView(View message) {
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
            suspended)
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

  private Behavior<Command> onAskStates(Wire.AskStates message) {
    fleet.states().thenAccept(states -> message.replyTo().tell(new Wire.States(self, states)));
    return this;
  }

  private Behavior<Command> onMove(Move message) {
    String node = message.node();
    Member member = node == null ? null : membership.find(node);
    if (!placer.knows(message.relay())) {
      return refuse(message.result(), "no relay " + message.relay() + " has an owner");
    } else if (node != null && member == null) {
      return refuse(message.result(), "no node is called " + node);
    }
    String to = member == null ? null : NodeId.text(member.address());
    AskPattern.<FileKeeper.Command, Wire.Answer>ask(
            keeper,
            replyTo -> new Wire.Move(message.relay(), to, replyTo),
            PATIENCE,
            getContext().getSystem().scheduler())
        .whenComplete((answer, failure) -> complete(message.result(), answer));
    return this;
  }

  private static void complete(CompletableFuture<String> result, Wire.@Nullable Answer answer) {
    if (answer == null) {
      result.completeExceptionally(new IllegalArgumentException("the cluster does not answer"));
    } else if (!answer.done()) {
      result.completeExceptionally(new IllegalArgumentException(answer.text()));
    } else {
      result.complete(answer.text());
    }
  }

  private Behavior<Command> refuse(CompletableFuture<String> result, String reason) {
    result.completeExceptionally(new IllegalArgumentException(reason));
    return this;
  }

  private Behavior<Command> onByHand(ByHand message) {
    Member member = membership.find(message.node());
    if (member == null) {
      return refuse(message.result(), "no node is called " + message.node());
    }
    if (message.verb().equals("down")) {
      cluster.manager().tell(new Down(member.address()));
      message.result().complete("");
      return this;
    }
    NodeId node = NodeId.of(member);
    ActorRef<Command> actor = node.equals(self) ? getContext().getSelf() : peers.of(node);
    AskPattern.<Command, Wire.Answer>ask(
            actor,
            replyTo -> new Wire.Order(List.of(message.verb()), replyTo),
            PATIENCE,
            getContext().getSystem().scheduler())
        .whenComplete((answer, failure) -> complete(message.result(), answer));
    return this;
  }

  private Behavior<Command> onOrder(Wire.Order order) {
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

  private Behavior<Command> onDepart(Depart message) {
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
