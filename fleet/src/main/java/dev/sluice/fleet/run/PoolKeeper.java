package dev.sluice.fleet.run;

import static dev.sluice.os.SocketCalls.SOCK_STREAM;

import akka.actor.Cancellable;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import dev.sluice.catalog.Address;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.fleet.pool.Pool;
import dev.sluice.fleet.pool.PoolTarget;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NameLookup;
import dev.sluice.os.SocketAddressBytes;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pools as a fleet says: has their members checked, and looks names up again whose addresses
 * are members. Thread-safe.
 */
final class PoolKeeper {
  private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(10);

  /** Addresses of one name that count. */
  private static final int MOST_ADDRESSES = 64;

  /** Members of a pool, with all addresses of their names: a session may try them all. */
  private static final int MOST_TARGETS = 256;

  private static final int TCP = 6;

  private final ActorSystem<?> system;
  private final Pools pools;
  private final RelayReader reader;
  private final MemberCheck checker;
  private final Executor blocking;
  private final Map<String, Kept> kept = new HashMap<>();

  PoolKeeper(ActorSystem<?> system, Pools pools, RelayReader reader) {
    this.system = system;
    this.pools = pools;
    this.reader = reader;
    this.checker = new MemberCheck(system, reader);
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  Pools pools() {
    return pools;
  }

  /**
   * Has these pools run, and no other.
   *
   * @param changed those of them that are new or differ, in a secret at least
   */
  synchronized void apply(
      Map<String, PoolDefinition> wanted, Set<String> changed, Secrets secrets) {
    kept.entrySet()
        .removeIf(
            entry -> {
              boolean goes =
                  !wanted.containsKey(entry.getKey()) || changed.contains(entry.getKey());
              if (goes) {
                entry.getValue().stop();
              }
              return goes;
            });
    pools.retain(wanted.keySet());
    for (String name : changed) {
      PoolDefinition definition = wanted.get(name);
      if (definition != null) {
        Kept one = new Kept(definition, secrets);
        kept.put(name, one);
        pools.put(definition, one.targets(), secrets::hide);
        one.start();
      }
    }
  }

  synchronized void end() {
    kept.values().forEach(Kept::stop);
    kept.clear();
  }

  /** One pool with its timers. */
  private final class Kept {
    private final PoolDefinition definition;
    private final Secrets secrets;
    private final Map<String, List<String>> hosts = new ConcurrentHashMap<>();
    private final Set<String> inCheck = ConcurrentHashMap.newKeySet();
    private @Nullable Cancellable timer;
    private @Nullable Cancellable lookUps;
    private final AtomicBoolean looksUp = new AtomicBoolean();
    private volatile boolean stopped;

    Kept(PoolDefinition definition, Secrets secrets) {
      this.definition = definition;
      this.secrets = secrets;
    }

    void start() {
      definition.check().ifPresent(check -> timer = every(check.every(), this::checkAll));
      if (definition.members().stream().anyMatch(PoolDefinition.Member::each)) {
        lookUps = every(LOOK_UP_AGAIN, this::lookUpElsewhere);
      }
    }

    private Cancellable every(Duration time, Runnable work) {
      return system
          .scheduler()
          .scheduleWithFixedDelay(
              Duration.ZERO, time, () -> guarded(work), system.executionContext());
    }

    /** What throws would end the timer. */
    private void guarded(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException e) {
        RelayLog.ofProcess().error("pool " + definition.name() + ": " + e);
      }
    }

    void stop() {
      stopped = true;
      for (Cancellable one : new @Nullable Cancellable[] {timer, lookUps}) {
        if (one != null) {
          one.cancel();
        }
      }
    }

    /** Where the members go: a name's addresses once it was looked up, the name before that. */
    List<PoolTarget> targets() {
      List<PoolTarget> targets = new ArrayList<>();
      for (PoolDefinition.Member member : definition.members()) {
        Address address = reader.member(definition, member, secrets, problem -> {});
        if (address == null) {
          continue; // it was read before, so this takes a fault of ours
        }
        List<String> numbers = member.each() ? hosts.get(member.name()) : null;
        if (numbers == null) {
          targets.add(new PoolTarget(member.name(), member, address));
          continue;
        }
        for (String number : numbers) {
          targets.add(
              new PoolTarget(
                  member.name() + "/" + number, member, RelayReader.ofHost(address, number)));
        }
      }
      return targets.subList(0, Math.min(MOST_TARGETS, targets.size()));
    }

    /** A name server that is silent holds up one thread, not one more each time. */
    private void lookUpElsewhere() {
      if (looksUp.compareAndSet(false, true)) {
        blocking.execute(
            () -> {
              try {
                lookUp();
              } finally {
                looksUp.set(false);
              }
            });
      }
    }

    /** Blocks. */
    private void lookUp() {
      boolean differs = false;
      for (PoolDefinition.Member member : definition.members()) {
        Address address =
            member.each() ? reader.member(definition, member, secrets, problem -> {}) : null;
        if (address != null) {
          List<String> found = numbersOf(address);
          differs |= !found.isEmpty() && !found.equals(hosts.put(member.name(), found));
        }
      }
      Pool pool = pools.find(definition.name());
      if (differs && !stopped && pool != null) {
        pool.update(definition, targets());
      }
    }

    private void checkAll() {
      Pool pool = pools.find(definition.name());
      if (pool == null || stopped) {
        return;
      }
      PoolDefinition.Check check = definition.check().orElseThrow();
      Map<String, Address> all = pool.toCheck();
      Duration step = check.every().dividedBy(Math.max(1, all.size()));
      Duration begin = Duration.ZERO;
      for (Map.Entry<String, Address> member : all.entrySet()) {
        if (inCheck.add(member.getKey())) {
          system
              .scheduler()
              .scheduleOnce(
                  begin,
                  () -> check(pool, member.getKey(), member.getValue()),
                  system.executionContext());
        }
        begin = begin.plus(step.compareTo(MemberCheck.STEP) < 0 ? step : MemberCheck.STEP);
      }
    }

    private CompletionStage<Void> asked(Address address) {
      try {
        return checker.check(definition, address, secrets);
      } catch (RuntimeException e) {
        return CompletableFuture.failedStage(e);
      }
    }

    private void check(Pool pool, String member, Address address) {
      if (stopped) {
        return;
      }
      long began = System.nanoTime();
      asked(address)
          .whenComplete(
              (done, failure) -> {
                inCheck.remove(member);
                if (stopped) {
                  return;
                }
                if (failure == null) {
                  pool.checkedWell(member, Duration.ofNanos(System.nanoTime() - began));
                } else {
                  pool.checkedBadly(member, MemberCheck.reason(failure));
                }
              });
    }
  }

  /** The addresses of a name, sorted; none when they can't be had now. */
  private static List<String> numbersOf(Address address) {
    try {
      Set<String> numbers = new TreeSet<>();
      for (SocketAddressBytes one :
          NameLookup.resolve(
              address.parameter(0).replaceAll("[\\[\\]]", ""), null, 0, 0, SOCK_STREAM, TCP)) {
        Optional<InetSocketAddress> internet =
            one.toSocketAddress()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast);
        if (internet.isPresent() && numbers.size() < MOST_ADDRESSES) {
          String text = internet.get().getAddress().getHostAddress();
          numbers.add(text.contains(":") ? "[" + text + "]" : text);
        }
      }
      return List.copyOf(numbers);
    } catch (NameLookup.Unresolved e) {
      return List.of();
    }
  }
}
