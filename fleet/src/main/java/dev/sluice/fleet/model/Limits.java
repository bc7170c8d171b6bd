package dev.sluice.fleet.model;

import java.time.Duration;
import java.util.Optional;

/**
 * What the sessions of a relay may take. 0 and empty are no limit.
 *
 * @param perClient sessions of one client at once; one more is refused and logged
 * @param perSecond new sessions in a second; further peers wait before they are accepted
 * @param idle a session in which nothing moves for so long ends; option {@code -T} goes before it
 * @param total a session ends after that time, whatever it does
 * @param sessionBytes bytes a second of each session, each way
 * @param relayBytes bytes a second of all sessions together, each way
 */
public record Limits(
    int perClient,
    int perSecond,
    Optional<Duration> idle,
    Optional<Duration> total,
    long sessionBytes,
    long relayBytes) {
  public static final Limits NONE = new Limits(0, 0, Optional.empty(), Optional.empty(), 0, 0);
}
