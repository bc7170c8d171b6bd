package dev.sluice.fleet.run;

import dev.sluice.fault.Faults;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Limits;
import dev.sluice.pace.Bandwidth;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.SessionTarget;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/**
 * Tells each new session of a relay where to go, and how long it may be idle. Both can be changed
 * at any time.
 */
final class TargetChoice implements LongFunction<SessionTarget> {
  private final RelayCounters counters;
  private volatile RelayReader.Understood understood;
  private volatile Limits limits;
  private final BooleanSupplier admits;
  private final Faults faults;
  private final Bandwidth bandwidth;

  /**
   * Makes one.
   *
   * @param faults what the sessions suffer on purpose
   * @param bandwidth how fast their data may move
   * @param admits asked before each session; when it says no, the session goes nowhere
   */
  TargetChoice(
      RelayReader.Understood understood,
      Limits limits,
      RelayCounters counters,
      Faults faults,
      Bandwidth bandwidth,
      BooleanSupplier admits) {
    this.faults = faults;
    this.bandwidth = bandwidth;
    this.admits = admits;
    this.understood = understood;
    this.limits = limits;
    this.counters = counters;
  }

  /** Sessions that begin from now on go there. */
  void change(RelayReader.Understood to) {
    understood = to;
    counters.forgetUpstream();
  }

  /** These hold for sessions that begin from now on. */
  void limit(Limits to) {
    limits = to;
  }

  @Override
  public SessionTarget apply(long session) {
    RelayReader.Understood now = understood;
    Limits holding = limits;
    RelayCounters.Session record = counters.begin(session);
    RelaySettings.Builder settings =
        now.settings().toBuilder()
            .faults(faults)
            .bandwidth(bandwidth)
            .onTransfer(start -> counters.connected(record, start));
    if (now.settings().inactivityTimeout().isEmpty() && holding.idle().isPresent()) {
      settings.inactivityTimeout(holding.idle());
    }
    return new SessionTarget(
        admits.getAsBoolean() ? now.right() : Gate.refusal(), settings.build());
  }
}
