package dev.sluice.fleet.pool;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pool that runs: who gets the next session, and what became of those before. The state of a
 * member hangs on its name and outlives every change of the definition. Thread-safe; never blocks.
 */
public final class Pool {
  private final LongSupplier clock;
  private final BiConsumer<Pool, String> news;
  private final Map<String, PoolMember> members = new LinkedHashMap<>();
  private final Map<String, MemberEdit> edits = new LinkedHashMap<>();
  private final StickyClients clients = new StickyClients();
  private PoolDefinition definition;
  private UnaryOperator<String> shown = UnaryOperator.identity();
  private long retried;
  private long refused;

  /**
   * Makes one.
   *
   * @param clock nanoseconds that only grow
   * @param news told what happens to members, as a line of a log; must not block
   */
  public Pool(
      PoolDefinition definition,
      List<PoolTarget> targets,
      LongSupplier clock,
      BiConsumer<Pool, String> news) {
    this.definition = definition;
    this.clock = clock;
    this.news = news;
    update(definition, targets);
  }

  /** Takes another definition; members of the same name keep their state. */
  public synchronized void update(PoolDefinition newDefinition, List<PoolTarget> targets) {
    if (newDefinition.check().isEmpty() && definition.check().isPresent()) {
      members.values().forEach(member -> member.health.forgetChecks(clock.getAsLong()));
    }
    definition = newDefinition;
    Map<String, PoolMember> before = new LinkedHashMap<>(members);
    members.clear();
    for (PoolTarget target : targets) {
      PoolMember member = before.get(target.name());
      if (member == null || !member.definition.address().equals(target.definition().address())) {
        member = new PoolMember(target); // of an address that was changed nothing is known
        member.edit = edits.getOrDefault(target.name(), editOfAll(target));
      }
      member.definition = target.definition();
      member.address = target.address();
      members.put(target.name(), member);
    }
  }

  private MemberEdit editOfAll(PoolTarget target) {
    return edits.getOrDefault(target.definition().name(), MemberEdit.NONE);
  }

  /** What addresses hold that nobody may see is replaced in the reasons that are shown. */
  public synchronized void hide(UnaryOperator<String> hiding) {
    shown = hiding;
  }

  public synchronized PoolDefinition definition() {
    return definition;
  }

  // --- sessions

  /** A member that a session tries; exactly one of its ends must be told. */
  public final class Lease {
    private final PoolMember member;
    private final Address address;
    private final String client;
    private boolean over;

    private Lease(PoolMember member, String client) {
      this.member = member;
      this.address = member.address;
      this.client = client;
    }

    public String member() {
      return member.name;
    }

    public Address address() {
      return address;
    }

    /** It has connected; {@link #end} follows one day. */
    public void connected() {
      synchronized (Pool.this) {
        boolean wasDown = member.health.state() == Health.State.DOWN;
        member.started++;
        member.health.connected(definition.check().isPresent(), clock.getAsLong());
        changed(member, wasDown);
        if (definition.sticky().isPresent() && !client.isEmpty()) {
          clients.remember(client, member.name, clock.getAsLong());
        }
      }
    }

    /** It could not connect, and that was the member's fault. */
    public void failed(String why) {
      synchronized (Pool.this) {
        release();
        String reason = shown.apply(why);
        boolean wasDown = member.health.state() == Health.State.DOWN;
        member.failures++;
        member.lastError = reason;
        member.health.failedToConnect(definition.passive(), reason, clock.getAsLong());
        changed(member, wasDown);
      }
    }

    /** The session has ended, or was given up for no fault of the member's. */
    public void end() {
      synchronized (Pool.this) {
        release();
      }
    }

    private void release() {
      if (!over) {
        over = true;
        member.active--;
      }
    }
  }

  /**
   * The member that a session should try; null when it has tried all. Those that are up go first,
   * then backups that are up, then those that are down: when all are, a session has nothing to
   * lose.
   *
   * @param client who asks; empty when that is not known
   * @param tried members that could not be connected in this session
   */
  public synchronized @Nullable Lease next(String client, Set<String> tried) {
    long now = clock.getAsLong();
    if (!tried.isEmpty()) {
      retried += tried.size() == 1 ? 1 : 0;
    }
    Predicate<PoolMember> usable = member -> member.health.isUsable(definition.check(), now);
    for (boolean wanted : new boolean[] {true, false}) {
      for (boolean backup : new boolean[] {false, true}) {
        List<PoolMember> candidates = new ArrayList<>();
        for (PoolMember member : members.values()) {
          if (member.mayServe()
              && member.definition.backup() == backup
              && usable.test(member) == wanted
              && !tried.contains(member.name)) {
            candidates.add(member);
          }
        }
        if (!candidates.isEmpty()) {
          PoolMember chosen = chosen(candidates, client, now);
          chosen.health.beingTried(definition.passive(), now);
          chosen.active++;
          return new Lease(chosen, client);
        }
      }
    }
    refused++;
    return null;
  }

  private PoolMember chosen(List<PoolMember> candidates, String client, long now) {
    if (definition.sticky().isPresent() && !client.isEmpty()) {
      String own = clients.memberOf(client, definition.sticky().get(), now);
      for (PoolMember member : candidates) {
        if (member.name.equals(own)) {
          return member;
        }
      }
    }
    return Balancing.choose(
        definition.balance(),
        candidates,
        client,
        member -> member.weight() * member.health.share(definition.slowStart(), now));
  }

  // --- checks

  /** What is to be checked now: each member that is not disabled, and the address to open. */
  public synchronized Map<String, Address> toCheck() {
    Map<String, Address> all = new LinkedHashMap<>();
    if (definition.check().isPresent()) {
      for (PoolMember member : members.values()) {
        if (member.edit.mode() != MemberEdit.Mode.DISABLED) {
          all.put(member.name, member.address);
        }
      }
    }
    return all;
  }

  /** A check of a member went well, in that time. */
  public synchronized void checkedWell(String name, Duration took) {
    PoolMember member = members.get(name);
    Optional<Check> check = definition.check();
    if (member != null && check.isPresent()) {
      boolean wasDown = member.health.state() == Health.State.DOWN;
      boolean wasUnknown = member.health.state() == Health.State.UNKNOWN;
      member.checkTook = Optional.of(took);
      member.health.checkedWell(check.get(), clock.getAsLong());
      if (wasUnknown) {
        member.since = Instant.now();
      }
      changed(member, wasDown);
    }
  }

  /** A check of a member has failed. */
  public synchronized void checkedBadly(String name, String why) {
    String reason = shown.apply(why);
    PoolMember member = members.get(name);
    Optional<Check> check = definition.check();
    if (member != null && check.isPresent()) {
      boolean wasDown = member.health.state() == Health.State.DOWN;
      member.lastError = reason;
      member.health.checkedBadly(check.get(), reason);
      changed(member, wasDown);
    }
  }

  private void changed(PoolMember member, boolean wasDown) {
    boolean isDown = member.health.state() == Health.State.DOWN;
    if (isDown != wasDown) {
      member.since = Instant.now();
      news.accept(
          this,
          "member "
              + member.name
              + (isDown ? " is down: " + member.health.reason() : " is up again"));
    }
  }

  // --- by hand

  /** Whether a member has that name, or has it before the number of its host. */
  private static boolean isCalled(PoolMember member, Predicate<String> named) {
    return named.test(member.name) || named.test(member.definition.name());
  }

  /**
   * Changes what was said of members by hand.
   *
   * @param weight in place of the file's; below 0 for the file's own; null leaves it
   * @param mode null leaves it
   * @return the members that are called so
   */
  public synchronized List<String> edit(
      Predicate<String> named, @Nullable Integer weight, MemberEdit.@Nullable Mode mode) {
    List<String> done = new ArrayList<>();
    for (PoolMember member : members.values()) {
      if (isCalled(member, named)) {
        MemberEdit edit = member.edit.with(weight, mode);
        if (edit.mode() == MemberEdit.Mode.READY
            && member.edit.mode() == MemberEdit.Mode.DISABLED) {
          member.health.forgetChecks(clock.getAsLong()); // nobody has looked for a while
        }
        member.edit = edit;
        keep(member.name, edit);
        done.add(member.name);
      }
    }
    return done;
  }

  private void keep(String name, MemberEdit edit) {
    if (edit.equals(MemberEdit.NONE)) {
      edits.remove(name);
    } else {
      edits.put(name, edit);
    }
  }

  /** What was said by hand, by the member's name; also of members that are gone. */
  public synchronized Map<String, MemberEdit> edits() {
    return new LinkedHashMap<>(edits);
  }

  // --- looking

  public synchronized PoolStatus status() {
    List<PoolStatus.MemberStatus> all = new ArrayList<>();
    for (PoolMember member : members.values()) {
      all.add(
          new PoolStatus.MemberStatus(
              member.name,
              member.definition.address(),
              PoolStatus.State.valueOf(member.health.state().name()),
              member.health.reason(),
              member.since,
              member.weight(),
              member.definition.backup(),
              member.edit,
              member.active,
              member.started,
              member.failures,
              member.lastError,
              member.checkTook));
    }
    return new PoolStatus(definition, List.copyOf(all), retried, refused);
  }

  /** Whether every member that may serve is down, or there is none. */
  public synchronized boolean isServing() {
    return members.values().stream()
        .anyMatch(member -> member.mayServe() && member.health.state() != Health.State.DOWN);
  }

  /** Takes over what was known before the process began again. */
  public synchronized void restore(FleetSnapshot.Pool before) {
    edits.putAll(before.edits());
    long now = clock.getAsLong();
    for (PoolMember member : members.values()) {
      member.edit = edits.getOrDefault(member.name, MemberEdit.NONE);
      String reason = before.down().get(member.name);
      if (reason != null) {
        member.health.restoreDown(reason, now);
      }
      FleetSnapshot.Counts counts = before.counts().get(member.name);
      if (counts != null) {
        member.started += counts.started();
        member.failures += counts.failures();
      }
    }
  }
}
