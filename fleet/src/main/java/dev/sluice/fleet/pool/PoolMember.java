package dev.sluice.fleet.pool;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.PoolDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A member with what is known of it. Guarded by its {@link Pool}. */
final class PoolMember {
  final String name;
  final Health health = new Health();
  Address address;
  PoolDefinition.Member definition;
  MemberEdit edit = MemberEdit.NONE;

  /** Of the turns of round-robin: who has most is next. */
  double credit;

  long active;
  long started;
  long failures;
  Instant since = Instant.now();
  @Nullable String lastError;
  Optional<Duration> checkTook = Optional.empty();

  PoolMember(PoolTarget target) {
    this.name = target.name();
    this.address = target.address();
    this.definition = target.definition();
  }

  int weight() {
    return edit.weight().orElse(definition.weight());
  }

  /** Whether it may have new sessions, whatever its health. */
  boolean mayServe() {
    return edit.mode() == MemberEdit.Mode.READY && weight() > 0;
  }
}
