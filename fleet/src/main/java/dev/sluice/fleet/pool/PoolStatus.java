package dev.sluice.fleet.pool;

import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.PoolDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a pool is at one moment.
 *
 * @param retried sessions that got another member after one had failed to connect
 * @param refused sessions that no member could be connected for
 */
public record PoolStatus(
    PoolDefinition definition, List<MemberStatus> members, long retried, long refused) {
  /** What is known of a member's health. */
  public enum State {
    UNKNOWN,
    UP,
    DOWN
  }

  /**
   * One member.
   *
   * @param weight the one that holds
   * @param reason why it is down; empty while it is not
   * @param since when its state changed last
   * @param failures sessions that could not connect to it
   * @param checkTook how long the last check took that went well
   */
  public record MemberStatus(
      String name,
      String address,
      State state,
      String reason,
      Instant since,
      int weight,
      boolean backup,
      MemberEdit edit,
      long active,
      long started,
      long failures,
      @Nullable String lastError,
      Optional<Duration> checkTook) {
    /** Whether it may get the next session. */
    public boolean isServing() {
      return state != State.DOWN && edit.mode() == MemberEdit.Mode.READY && weight > 0;
    }
  }

  /** Whether some member may get the next session. */
  public boolean isServing() {
    return members.stream().anyMatch(MemberStatus::isServing);
  }

  /** Whether a member that may have sessions has answered; without checks nobody has asked. */
  public boolean isReady() {
    return definition.check().isEmpty()
        ? isServing()
        : members.stream().anyMatch(one -> one.isServing() && one.state() == State.UP);
  }

  /** Why none of its members serves: the first reason that there is. */
  public String reason() {
    for (MemberStatus member : members) {
      if (!member.reason().isEmpty()) {
        return member.name() + ": " + member.reason();
      }
    }
    return members.isEmpty() ? "has no member" : "no member may have sessions";
  }
}
