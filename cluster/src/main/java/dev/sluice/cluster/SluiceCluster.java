package dev.sluice.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.JoinSeedNodes;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.cluster.LocalFleet;
import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.Undo;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * This node in the cluster, from the start of the fleet to its end. Its actor system ends when the
 * node was put out of the cluster, or has waited too long for others; then a new one joins.
 */
final class SluiceCluster implements FleetCluster {
  private static final SeldomLog LOG = new SeldomLog();
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration ENDING = Duration.ofSeconds(4);
  private static final Duration HANGING = Duration.ofSeconds(20);

  /** An internal error: sysexits(3head). */
  private static final int EX_SOFTWARE = 70;

  private static final Duration AGAIN = Duration.ofMillis(500);

  /** How long a node waits for enough others before it joins anew. */
  private static final int PATIENCE_SECONDS = 12;

  private final ClusterSettings settings;
  private final LocalFleet fleet;
  private final KeptFile keptFile;
  private final Wire.@Nullable Document kept;
  private final Shared shared;
  private final Doors doors;
  private final Addresses addresses = new Addresses();
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private @Nullable FleetFile file;
  private volatile @Nullable ActorRef<NodeCommand> node;
  private volatile Fleet running = Fleet.EMPTY;
  private final Map<String, Integer> doorPorts = new java.util.concurrent.ConcurrentHashMap<>();
  private volatile boolean leaving;
  private int attempts;

  /** Since when a system that was to end has not; null when none does. */
  private @Nullable Long hangsSince;

  SluiceCluster(ClusterSettings settings, LocalFleet fleet) throws IOException {
    this.settings = settings;
    this.fleet = fleet;
    this.keptFile = new KeptFile(Path.of(settings.keep()));
    this.kept = keptFile.read().orElse(null);
    this.doors = new Doors(settings);
    this.shared =
        new Shared(
            new Pauses(ClusterConfig.longestPause(settings.profile()), Duration.ofMillis(600)));
  }

  @Override
  public Optional<String> kept() {
    return Optional.ofNullable(kept).map(Wire.Document::shared);
  }

  @Override
  public void join(String starting) {
    Wire.Document before = kept;
    file =
        new FleetFile(
            fleet,
            keptFile,
            settings.node(),
            before != null
                ? before
                : new Wire.Document(0, settings.node(), System.currentTimeMillis(), starting));
    new Thread(this::live, "cluster").start();
  }

  // --- the life of actor systems, on a thread of its own

  private void live() {
    while (!leaving) {
      try {
        ActorSystem<Void> system = start();
        hangsSince = null;
        watch(system);
      } catch (RuntimeException e) {
        LOG.warning("cluster: can't join: " + reason(e));
        endIfHanging();
      }
      node = null;
      shared.serving(false);
      pause(AGAIN);
    }
    left.complete(null);
  }

  /**
   * A system that does not end keeps the cluster port, and this node out of the cluster. Then the
   * process ends, so that its supervisor starts another.
   */
  private void endIfHanging() {
    Long since = hangsSince;
    if (since != null && System.nanoTime() - since > HANGING.toNanos()) {
      RelayLog.ofProcess()
          .error("cluster: the old actor system keeps the port; this process ends to get it back");
      Undo.allThen(
          () -> {
            RelayLog.flush();
            ProcessCalls.exit(EX_SOFTWARE);
          });
    }
  }

  private static String reason(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(": ").append(cause.getMessage());
    }
    return text.toString();
  }

  private ActorSystem<Void> start() {
    attempts++;
    FleetFile holds = file;
    if (holds == null) {
      throw new IllegalStateException("nothing runs yet");
    }
    Behavior<Void> guardian =
        Behaviors.setup(
            context -> {
              ActorRef<NodeCommand> actor =
                  context.spawn(
                      NodeActor.create(settings, fleet, shared, holds, running, addresses), "node");
              context.watch(actor);
              node = actor;
              doorPorts.forEach((relay, port) -> actor.tell(new NodeCommand.Door(relay, port)));
              return Behaviors.receive(Void.class)
                  .onSignal(Terminated.class, gone -> Behaviors.stopped())
                  .build();
            });
    ActorSystem<Void> system =
        RelaySystem.create(
            guardian,
            settings.name(),
            ClusterConfig.of(settings),
            SluiceCluster.class.getClassLoader());
    List<Address> seeds = seeds();
    RelayLog.ofProcess()
        .always(
            Severity.NOTICE,
            "cluster: node "
                + settings.node()
                + " joins "
                + settings.name()
                + " by "
                + seeds.stream().map(NodeId::text).collect(Collectors.joining(", ")));
    Cluster.get(system).manager().tell(new JoinSeedNodes(seeds));
    return system;
  }

  /**
   * The nodes to join. The first of the list may begin a cluster, which owns nothing before enough
   * others are there. If that one is not to be had, others may as well, in later attempts.
   */
  private List<Address> seeds() {
    List<String> names = new ArrayList<>(settings.seeds());
    settings.discover().ifPresent(name -> names.addAll(lookedUp(name)));
    if (names.isEmpty()) {
      names.add(settings.node());
    }
    if (attempts > 1 && names.remove(settings.node())) {
      names.add(0, settings.node());
    }
    return names.stream().map(this::address).toList();
  }

  private List<String> lookedUp(String name) {
    try {
      List<String> found = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(name)) {
        String text = address.getHostAddress();
        found.add((text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + settings.port());
      }
      found.sort(null);
      return found;
    } catch (UnknownHostException e) {
      RelayLog.ofProcess().warning("cluster: " + name + " has no address");
      return List.of();
    }
  }

  private Address address(String text) {
    int colon = text.lastIndexOf(':');
    return new Address(
        "akka",
        settings.name(),
        text.substring(0, colon),
        Integer.parseInt(text.substring(colon + 1)));
  }

  /** Waits for the end of the system; ends it if it waits for others for too long. */
  private void watch(ActorSystem<Void> system) {
    CompletableFuture<?> ended = system.getWhenTerminated().toCompletableFuture();
    long started = System.nanoTime();
    long patience =
        Duration.ofSeconds(PATIENCE_SECONDS + ThreadLocalRandom.current().nextInt(8)).toNanos();
    Cluster cluster = Cluster.get(system);
    while (!ended.isDone()) {
      pause(LOOK);
      if (cluster.isTerminated()) {
        if (!leaving) {
          await(ended);
        }
        return;
      }
      MemberStatus status = cluster.selfMember().status();
      boolean isIn = status.equals(MemberStatus.up()) || status.equals(MemberStatus.leaving());
      if (isIn) {
        started = System.nanoTime();
      } else if (System.nanoTime() - started > patience) {
        RelayLog.ofProcess()
            .warning("cluster: too few nodes answer; this one tries again from the beginning");
        system.terminate();
        await(ended);
        return;
      }
    }
  }

  /**
   * Waits for the end of a system, whose streams may hang; the next one then waits for its port.
   */
  private void await(CompletableFuture<?> ended) {
    try {
      ended.get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      hangsSince = System.nanoTime();
      RelayLog.ofProcess().warning("cluster: the actor system does not end in time");
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- what the fleet asks

  @Override
  public Fleet prepared(Fleet wanted) {
    return doors.prepared(wanted);
  }

  @Override
  public dev.sluice.catalog.Address route(RelayDefinition relay, dev.sluice.catalog.Address right) {
    return new dev.sluice.catalog.Address(
        new ViaAddress(
            relay.name(), right, shared, (owner, port) -> doors.address(fleet, owner, port)),
        right.spec(),
        new dev.sluice.option.Options(List.of()));
  }

  @Override
  public void running(Fleet now) {
    running = now;
    tell(new NodeCommand.Running(now));
  }

  @Override
  public void bound(String relay, @Nullable String address) {
    String of = Doors.relayOf(relay);
    if (!of.isEmpty() && address != null) {
      int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
      doorPorts.put(of, port);
      tell(new NodeCommand.Door(of, port));
    }
  }

  private boolean tell(NodeCommand command) {
    ActorRef<NodeCommand> actor = node;
    if (actor != null) {
      actor.tell(command);
    }
    return actor != null;
  }

  @Override
  public boolean mayServe() {
    return shared.mayServe();
  }

  @Override
  public CompletionStage<Verdict> publish(String text) {
    CompletableFuture<Verdict> result = new CompletableFuture<>();
    if (!tell(new NodeCommand.Publish(text, result))) {
      result.complete(new Verdict(0, "this node has not joined the cluster"));
    }
    return result;
  }

  @Override
  public CompletionStage<Map<String, @Nullable Object>> view() {
    CompletableFuture<Map<String, @Nullable Object>> result = new CompletableFuture<>();
    if (!tell(new NodeCommand.View(result))) {
      result.complete(Map.of("name", settings.name(), "node", settings.node(), "joined", false));
    }
    return result;
  }

  @Override
  public @Nullable String owner(String relay) {
    Shared.Route route = shared.route(relay);
    return route == null ? null : route.node();
  }

  @Override
  public List<Metric> metrics() {
    return ClusterMetrics.of(shared);
  }

  @Override
  public CompletionStage<String> command(List<String> words) {
    CompletableFuture<String> result = new CompletableFuture<>();
    String verb = words.get(0);
    NodeCommand command =
        switch (verb) {
          case "move" -> new NodeCommand.Move(words.get(1), words.get(2), result);
          case "unmove" -> new NodeCommand.Move(words.get(1), null, result);
          default -> new NodeCommand.ByHand(verb, words.get(1), result);
        };
    if (!tell(command)) {
      result.completeExceptionally(
          new IllegalArgumentException("this node has not joined the cluster"));
    }
    return result;
  }

  @Override
  public CompletionStage<?> leave() {
    leaving = true;
    if (!tell(NodeCommand.Depart.NOW)) {
      left.complete(null);
    }
    return left;
  }
}
