package dev.sluice.fleet.run;

import dev.sluice.fault.Fault;
import dev.sluice.fleet.model.FaultEdit;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.pool.Pool;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.fleet.run.FleetProtocol.Do;
import dev.sluice.fleet.run.FleetProtocol.EditFaults;
import dev.sluice.fleet.run.FleetProtocol.EditMembers;
import dev.sluice.fleet.run.FleetProtocol.End;
import dev.sluice.fleet.run.FleetProtocol.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What operators change by hand: relays are started and stopped, sessions end, members of pools and
 * faults are edited. Each method returns the names of what it has changed. Used on the {@link
 * FleetSupervisor}'s thread only.
 */
final class ByHand {
  private final Map<String, ManagedRelay> relays;
  private final Lifecycles lives;
  private final Pools pools;

  ByHand(Map<String, ManagedRelay> relays, Lifecycles lives, Pools pools) {
    this.relays = relays;
    this.lives = lives;
    this.pools = pools;
  }

  List<String> edit(Do message) {
    List<String> done = new ArrayList<>();
    for (String name : message.names()) {
      ManagedRelay relay = relays.get(name);
      if (relay == null || relay.removed) {
        continue;
      }
      done.add(name);
      if (message.verb() == Verb.START) {
        relay.stoppedByHand = false;
        relay.failures = 0;
        if (relay.current == null && relay.state() != RelayState.WAITING && relay.isWanted()) {
          lives.wantStart(relay);
        }
      } else {
        relay.stoppedByHand = true;
        lives.stop(
            relay,
            message.verb() == Verb.STOP
                ? new OnChange.Cut()
                : new OnChange.Drain(relay.definition.drain()));
        if (message.verb() == Verb.STOP) {
          relay.stopRetired();
        }
      }
    }
    return done;
  }

  List<String> edit(End message) {
    ManagedRelay relay = relays.get(message.name());
    List<String> done = new ArrayList<>();
    if (relay != null
        && relay.counters.sessions().stream().anyMatch(one -> one.number == message.session())) {
      done.add(message.name());
      relay.endSession(message.session());
    }
    return done;
  }

  List<String> edit(EditMembers message) {
    Pool pool = pools.find(message.pool());
    List<String> done =
        pool == null
            ? List.of()
            : pool.edit(
                message.named(), message.weight().orElse(null), message.mode().orElse(null));
    if (message.mode().filter(MemberEdit.Mode.DISABLED::equals).isPresent()) {
      done.forEach(member -> endSessionsOf(message.pool() + "/" + member));
    }
    return done;
  }

  List<String> edit(EditFaults message) {
    List<String> done = new ArrayList<>();
    for (String name : message.names()) {
      ManagedRelay relay = relays.get(name);
      if (relay == null || relay.removed) {
        continue;
      }
      if (message.edit().changesFaults()) {
        Optional<List<Fault>> next = message.edit().after(relay.faults.now());
        if (next.isPresent() && next.get().size() > FaultEdit.MOST) {
          continue;
        }
        relay.faultsByHand = next.filter(faults -> !faults.equals(relay.definition.faults()));
        relay.settleFaults();
        lives.tell(new FleetEvent.Faulted(name, relay.faults.now()));
      }
      if (message.edit().ends()) {
        relay.counters.sessions().stream()
            .filter(session -> !session.followsFaults())
            .forEach(session -> relay.endSession(session.number));
      }
      done.add(name);
    }
    return done;
  }

  private void endSessionsOf(String member) {
    for (ManagedRelay relay : relays.values()) {
      for (RelayCounters.Session session : relay.counters.sessions()) {
        if (member.equals(pools.memberOf(session.number))) {
          relay.endSession(session.number);
        }
      }
    }
  }
}
