package dev.sluice.fleet.run;

import dev.sluice.fault.Fault;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that happened in a fleet, for those who watch it. */
public sealed interface FleetEvent {
  /** The relay. */
  String relay();

  /** The same for a reader. */
  String text();

  /** It listens at that address, or has its session. */
  record Bound(String relay, @Nullable String address) implements FleetEvent {
    @Override
    public String text() {
      return address == null ? "up" : "up, listens on " + address;
    }
  }

  /** It failed; the next attempt comes after that time. */
  record Failed(String relay, String reason, Duration retryIn) implements FleetEvent {
    @Override
    public String text() {
      return "failed: " + reason + "; tries again in " + retryIn.toMillis() + "ms";
    }
  }

  /** It has ended, and does not begin again. */
  record Ended(String relay, int status) implements FleetEvent {
    @Override
    public String text() {
      return "ended with status " + status;
    }
  }

  /** Its new definition could not be bound, so the old one goes on. */
  record Kept(String relay, String reason) implements FleetEvent {
    @Override
    public String text() {
      return "goes on as before: " + reason;
    }
  }

  /** It was removed, and its last session has ended. */
  record Removed(String relay) implements FleetEvent {
    @Override
    public String text() {
      return "removed";
    }
  }

  /** Its faults were changed by hand. */
  record Faulted(String relay, List<Fault> faults) implements FleetEvent {
    @Override
    public String text() {
      return faults.isEmpty()
          ? "has no fault"
          : "has the faults " + String.join(", ", Fault.texts(faults));
    }
  }

  /** Something happened to a member of a pool, which is named in place of a relay. */
  record Pooled(String relay, String text) implements FleetEvent {}

  /** It, or one of its sessions, logged a warning or an error. */
  record Said(String relay, long session, String text) implements FleetEvent {}
}
