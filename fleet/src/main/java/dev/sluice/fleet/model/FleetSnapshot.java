package dev.sluice.fleet.model;

import dev.sluice.fault.Fault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a fleet knows that its file does not say: counters, health, and what was done by hand.
 *
 * @param relays by name
 * @param added relays that no file has, by name, each as the section of a file that it would be
 * @param pools by name
 */
public record FleetSnapshot(
    Map<String, Relay> relays, Map<String, String> added, Map<String, Pool> pools) {
  public static final FleetSnapshot EMPTY = new FleetSnapshot(Map.of(), Map.of(), Map.of());

  /**
   * One relay: sums of all sessions that have ended, and of those that are alive.
   *
   * @param stopped whether it was stopped or drained by hand
   * @param faults those that were set by hand; empty for those of the file
   */
  public record Relay(
      boolean stopped,
      Optional<List<Fault>> faults,
      long started,
      long failed,
      long connectFailures,
      long leftToRight,
      long rightToLeft,
      long restarts) {}

  /**
   * One pool, by its members' names.
   *
   * @param edits what was said by hand
   * @param down why those that are down are
   * @param counts sessions that it got, and those that could not connect
   */
  public record Pool(
      Map<String, MemberEdit> edits, Map<String, String> down, Map<String, Counts> counts) {}

  /** Sessions of a member: that it got, and that could not connect. */
  public record Counts(long started, long failures) {}
}
