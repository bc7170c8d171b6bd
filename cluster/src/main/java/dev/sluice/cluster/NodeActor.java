package dev.sluice.cluster;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.ClusterEvent;
import akka.cluster.ddata.LWWRegister;
import akka.cluster.ddata.typed.javadsl.DistributedData;
import akka.cluster.ddata.typed.javadsl.Replicator;
import akka.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import akka.cluster.typed.Subscribe;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A node of the cluster: follows Akka's membership, tells the other nodes of its relays, and takes
 * and lets go what it is to own.
 */
final class NodeActor extends AbstractBehavior<NodeCommand> {
  private final NodeParts node;
  private final NodeId self;
  private final Membership membership;
  private final Claims claims;
  private final Placer placer;
  private final Handover handover;
  private final Shared shared;
  private final Departure departure;
  private final Deaths deaths;
  private final Eligible eligible;
  private final Downing downing;
  private final Reports reports;
  private final Suspension suspension;
  private final SharedFile file;
  private final NodeOrders orders;
  private Map<String, String> moves = Map.of();
  private final Ticks ticks;

  /** Membership is different from what the node settled for. */
  private boolean isStale;

  private NodeActor(ActorContext<NodeCommand> context, NodeParts node, Ticks ticks) {
    super(context);
    this.ticks = ticks;
    this.node = node;
    this.self = node.self();
    this.membership = node.membership();
    this.claims = node.claims();
    this.placer = node.placer();
    this.handover = node.handover();
    this.shared = node.shared();
    this.departure = new Departure(node);
    this.deaths = new Deaths(node.blocking(), context.getSelf()::tell);
    this.eligible = new Eligible(node, departure, deaths);
    this.downing = new Downing(node, deaths);
    this.reports = new Reports(node, departure, deaths);
    this.suspension = new Suspension(node.settings().profile(), membership, claims);
    ActorRef<FileKeeper.Command> keeper =
        ClusterSingleton.get(context.getSystem())
            .init(SingletonActor.of(FileKeeper.create(), "file"));
    this.file = new SharedFile(context, node, keeper);
    this.orders =
        new NodeOrders(
            context.getSystem(),
            node.cluster().manager(),
            membership,
            placer,
            keeper,
            this::actorOf);
  }

  /** Follows membership and data, and begins to tick, with no relay of its own. */
  private NodeActor begun(
      Fleet running, ReplicatorMessageAdapter<NodeCommand, LWWRegister<Wire>> data) {
    data.subscribe(FileKeeper.FILE, NodeCommand.DataChanged::new);
    data.subscribe(FileKeeper.MOVES, NodeCommand.DataChanged::new);
    ActorRef<ClusterEvent.ClusterDomainEvent> changes =
        getContext()
            .messageAdapter(ClusterEvent.ClusterDomainEvent.class, NodeCommand.Changed::new);
    node.cluster()
        .subscriptions()
        .tell(Subscribe.create(changes, ClusterEvent.ClusterDomainEvent.class));
    ticks.next(true);
    placer.fleet(running);
    shared.pauses.begin();
    node.stopAll();
    return this;
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
                                    context,
                                    NodeParts.of(context, settings, fleet, shared, file, addresses),
                                    new Ticks(timers))
                                .begun(running, data))));
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
    node.stopAll();
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
    if (suspension.isOnSmallerSide(System.nanoTime())) {
      suspend("most nodes can't be reached");
    }
    long now = System.nanoTime();
    deaths.look(node.others(), other -> handover.isSilent(other, now, Ticks.SILENT));
    if (ticks.isBeatDue(now)) {
      reports.beat();
      if (ticks.isEvenBeat()) {
        file.propose();
      }
    }
    boolean busy = !isAtRest();
    ticks.next(busy);
    return busy ? settled() : this;
  }

  /** Whether time alone changes nothing: all else that could makes itself heard by a message. */
  private boolean isAtRest() {
    updateMembership();
    return !isStale
        && reports.areUpToDate()
        && mayOwn() == shared.mayServe()
        && !handover.isMoving()
        && !departure.isGoingOn()
        && !deaths.isSuspecting();
  }

  private void suspend(String why) {
    suspension.begin(why);
    shared.serving(false);
    handover.letGoOfAll("gives up");
  }

  private boolean mayOwn() {
    int enough = node.settings().members() == 2 ? 1 : node.settings().quorum();
    return membership.isUp(self)
        && !suspension.isGoingOn()
        && !departure.hasLet()
        && file.isKnown()
        && membership.up().size() >= enough;
  }

  private void updateMembership() {
    isStale |= node.updateMembership();
  }

  private Behavior<NodeCommand> settled() {
    updateMembership();
    isStale = false;
    Set<NodeId> known = membership.others();
    claims.retain(known);
    node.peers().retain(known);
    placer.candidates(eligible.forRelays());
    boolean mayOwn = mayOwn();
    shared.serving(mayOwn);
    if (mayOwn) {
      handover.settle(placer.of(self.node()), eligible.holders(known));
    } else if (!handover.isFree()) {
      handover.letGoOfAll("gives up");
    }
    departure.goOn();
    reports.publish();
    RouteBoard.show(node);
    if (!isAtRest()) {
      ticks.hurry();
    }
    return this;
  }

  // --- what nodes tell each other

  private Behavior<NodeCommand> onReport(Wire.Report report) {
    if (!membership.members().containsKey(report.from())) {
      updateMembership();
      if (!membership.members().containsKey(report.from())) {
        return this; // it is removed, or not known yet and says it again
      }
    }
    claims.heard(report);
    handover.heard(report.from(), System.nanoTime());
    handover.reported(report.from());
    long before = claims.number();
    Behavior<NodeCommand> next = settled();
    if (claims.number() == before) {
      reports.beat(report.from());
    }
    downing.downTheDead();
    return next;
  }

  private Behavior<NodeCommand> onBeat(Wire.Beat beat) {
    if (!membership.members().containsKey(beat.from())) {
      return this;
    }
    boolean isNews = claims.isNews(beat);
    if (!claims.heard(beat)) {
      node.peers().of(beat.from()).tell(new Wire.Resend(self));
      return this;
    }
    handover.heard(beat.from(), System.nanoTime());
    reports.remind(beat.from());
    return isNews ? settled() : this;
  }

  private Behavior<NodeCommand> onResend(Wire.Resend message) {
    if (membership.members().containsKey(message.from())) {
      reports.send(message.from());
    }
    return this;
  }

  // --- certain death

  private Behavior<NodeCommand> onLooked(Deaths.Looked message) {
    if (deaths.looked(message)) {
      claims.renew(); // tells the others
    }
    downing.downTheDead();
    return settled();
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
    reports.door(message.relay(), message.port());
    return settled();
  }

  // --- one file for all

  private Behavior<NodeCommand> onDataChanged(NodeCommand.DataChanged message) {
    if (message.response() instanceof Replicator.Changed<LWWRegister<Wire>> changed) {
      Wire value = changed.dataValue().getValue();
      if (value instanceof Wire.Document document) {
        file.holds(document);
      } else if (value instanceof Wire.Moves byHand) {
        moves = byHand.nodes();
        placer.moves(moves);
      }
    }
    return settled();
  }

  private Behavior<NodeCommand> onFileRuns(NodeCommand.FileRuns message) {
    file.runs(message.document());
    return settled();
  }

  private Behavior<NodeCommand> onPublish(NodeCommand.Publish message) {
    file.publish(message);
    return this;
  }

  private Behavior<NodeCommand> onPublished(NodeCommand.Published message) {
    file.published(message);
    return settled();
  }

  // --- by hand

  private Behavior<NodeCommand> onView(NodeCommand.View message) {
    new NodeView(node, moves).tell(getContext().getSystem(), suspension.reason(), message.result());
    return this;
  }

  private Behavior<NodeCommand> onAskStates(Wire.AskStates message) {
    node.fleet()
        .states()
        .thenAccept(states -> message.replyTo().tell(new Wire.States(self, states)));
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

  private ActorRef<NodeCommand> actorOf(NodeId id) {
    return id.equals(self) ? getContext().getSelf() : node.peers().of(id);
  }

  private Behavior<NodeCommand> onOrder(Wire.Order order) {
    boolean draining = order.words().equals(List.of("drain"));
    departure.drain(draining);
    RelayLog.ofProcess()
        .always(
            Severity.NOTICE,
            "cluster: this node " + (draining ? "hands over what it owns" : "owns relays again"));
    order.replyTo().tell(new Wire.Answer(true, "", 0));
    return settled();
  }

  // --- leaving

  private Behavior<NodeCommand> onDepart(NodeCommand.Depart message) {
    departure.begin();
    return settled();
  }
}
