package dev.sluice.fleet.model;

import dev.sluice.fault.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One relay of a fleet, as it was asked for. Immutable.
 *
 * @param name its identity
 * @param left the left address, in the language of the command line
 * @param right the right address
 * @param options words of the command line, such as {@code -T} and {@code 60}
 * @param group what it belongs to, for filters and sums
 * @param labels what else it is filtered by
 * @param enabled whether it is started with the fleet
 * @param maxSessions sessions at once; further peers wait; 0 for no limit
 * @param limits what its sessions may take
 * @param faults what its sessions suffer on purpose
 * @param connectTimeout time for the right address to connect; options of the address go before it
 * @param keepalive whether idle connections are probed; options of the addresses go before it
 * @param retry when it is begun again after its end
 * @param onChange what becomes of its sessions when it changes
 * @param drain the time that sessions have when the relay is drained
 * @param placement which nodes of a cluster run it
 * @param origin where it was written
 */
public record RelayDefinition(
    String name,
    String left,
    String right,
    List<String> options,
    Optional<String> group,
    SortedMap<String, String> labels,
    boolean enabled,
    int maxSessions,
    Limits limits,
    List<Fault> faults,
    Optional<Duration> connectTimeout,
    boolean keepalive,
    Retry retry,
    OnChange onChange,
    Duration drain,
    Placement placement,
    Origin origin) {
  /** The same, as if it had been written there. */
  public RelayDefinition at(Origin place) {
    return new RelayDefinition(
        name,
        left,
        right,
        options,
        group,
        labels,
        enabled,
        maxSessions,
        limits,
        faults,
        connectTimeout,
        keepalive,
        retry,
        onChange,
        drain,
        placement,
        place);
  }

  /** The same with other addresses. */
  public RelayDefinition withAddresses(String newLeft, String newRight) {
    return new RelayDefinition(
        name,
        newLeft,
        newRight,
        options,
        group,
        labels,
        enabled,
        maxSessions,
        limits,
        faults,
        connectTimeout,
        keepalive,
        retry,
        onChange,
        drain,
        placement,
        origin);
  }

  /** Whether both say the same, wherever it was written. */
  public boolean saysAs(RelayDefinition other) {
    return equals(other.origin.equals(origin) ? other : other.at(origin));
  }
}
