package dev.sluice.fleet.run;

import akka.actor.typed.ActorRef;
import dev.sluice.fleet.model.FaultEdit;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.FleetPlan;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.relay.RelayEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What a {@link FleetSupervisor} is told and asked, and what it answers. */
public interface FleetProtocol {
  /** What the supervisor is told. */
  sealed interface Command {}

  /**
   * Have this fleet run in place of the one that runs.
   *
   * @param against the version that the change was planned against; empty for whatever runs
   */
  record Apply(Fleet wanted, String file, Optional<Long> against, ActorRef<Applied> replyTo)
      implements Command {}

  /**
   * What became of {@link Apply}.
   *
   * @param version of the fleet that runs now
   * @param plan what was done; empty when nothing was, since the version was another one
   */
  record Applied(long version, Optional<FleetPlan> plan) {}

  /** What runs, as values. */
  record GetFleet(ActorRef<Running> replyTo) implements Command {}

  /** The fleet that runs, and its version. */
  record Running(long version, Fleet fleet) {}

  /** How everything is. */
  record GetStatus(ActorRef<FleetStatus> replyTo) implements Command {}

  /** What may be asked of one relay. */
  enum Verb {
    /** Take sessions again. */
    START,
    /** End the sessions and listen no more. */
    STOP,
    /** Listen no more; the sessions have the relay's {@code drain} to end. */
    DRAIN
  }

  /** Do that to these relays. */
  record Do(Verb verb, List<String> names, ActorRef<Done> replyTo) implements Command {}

  /** What was done: the names that are known. */
  record Done(List<String> names) {}

  /** Add a relay that no file has. */
  record Add(RelayDefinition definition, ActorRef<Done> replyTo) implements Command {}

  /** Remove a relay that was added by hand. */
  record Remove(String name, ActorRef<Done> replyTo) implements Command {}

  /** End one session. */
  record End(String name, long session, ActorRef<Done> replyTo) implements Command {}

  /**
   * Change what was said of a pool's members by hand.
   *
   * @param weight in place of the file's, below 0 for the file's own; empty leaves it
   * @param mode empty leaves it
   */
  record EditMembers(
      String pool,
      Predicate<String> named,
      Optional<Integer> weight,
      Optional<MemberEdit.Mode> mode,
      ActorRef<Done> replyTo)
      implements Command {}

  /** Change the faults of these relays by hand. */
  record EditFaults(List<String> names, FaultEdit edit, ActorRef<Done> replyTo)
      implements Command {}

  /** The sessions of a relay. */
  record GetSessions(List<String> names, ActorRef<Sessions> replyTo) implements Command {}

  /** Sessions that are alive, by relay. */
  record Sessions(Map<String, List<SessionStatus>> byRelay) {}

  /**
   * One session that is alive; {@code member} as {@code POOL/MEMBER}, null without a pool; {@code
   * plan} is how its bytes move, null before they do.
   */
  record SessionStatus(
      long number,
      String peer,
      Instant since,
      boolean connected,
      @Nullable String member,
      @Nullable String plan,
      long leftToRight,
      long rightToLeft) {}

  /**
   * Which relays of {@code place = one} a cluster has run here.
   *
   * @param lingering told which of them are still alive though they are not to be here
   */
  record Place(Set<String> here, Consumer<Set<String>> lingering) implements Command {}

  /** What is to be kept over the end of the process. */
  record GetSnapshot(ActorRef<FleetSnapshot> replyTo) implements Command {}

  /** What was kept; to be told before the first {@link Apply}. */
  record Restore(FleetSnapshot snapshot) implements Command {}

  /** Take no more sessions, let those that are there end, then end. */
  enum Shutdown implements Command {
    DRAIN,
    NOW
  }

  // --- from the supervisor to itself

  record Happened(String name, int generation, RelayEvent event) implements Command {}

  record BeginAgain(String name, int generation) implements Command {}

  record CutOff(String name, int generation, List<Long> sessions) implements Command {}

  record StopGeneration(String name, int generation) implements Command {}

  /** Some sessions may have had all the time that their relay gives. */
  enum Look implements Command {
    AT_TIMES
  }

  /** The pace allows more relays to start. */
  record SlotFree(String name, int generation) implements Command {}
}
