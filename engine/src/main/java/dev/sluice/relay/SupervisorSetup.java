package dev.sluice.relay;

import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import java.util.function.LongFunction;

/**
 * What a {@link RelaySupervisor} is made with.
 *
 * @param address the address that it opens, or that is open already
 * @param direction which way its bytes go
 * @param pairing the other side of its sessions
 * @param events told what happens, on the supervisor's thread
 */
record SupervisorSetup(
    AddressPair address,
    Direction direction,
    SessionPairing pairing,
    RelaySettings settings,
    RelayRuntime runtime,
    RelayLog log,
    RelayWatcher events) {
  /** A relay whose sessions are connections of the left address. */
  static SupervisorSetup opening(
      AddressPair left,
      LongFunction<SessionTarget> targets,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    Direction direction = settings.leftDirection();
    SessionPairing pairing = SessionPairing.opening(targets, ProcessScope.after(left, direction));
    return new SupervisorSetup(left, direction, pairing, settings, runtime, log, events);
  }

  /**
   * Sessions that all share an open left address, one for each connection of a right address with
   * option fork.
   */
  static SupervisorSetup sharing(
      Endpoint left,
      AddressPair right,
      RelaySettings settings,
      RelayRuntime runtime,
      RelayLog log,
      RelayWatcher events) {
    SessionPairing pairing = SessionPairing.sharing(left, settings);
    return new SupervisorSetup(right, Direction.BOTH, pairing, settings, runtime, log, events);
  }

  Options options() {
    return address.first().options();
  }
}
