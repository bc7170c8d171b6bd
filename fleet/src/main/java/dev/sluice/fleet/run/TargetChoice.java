package dev.sluice.fleet.run;

import dev.sluice.fleet.file.RelayReader;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySupervisor;
import java.util.function.LongFunction;

/** Tells each new session of a relay where to go. The target can be changed at any time. */
final class TargetChoice implements LongFunction<RelaySupervisor.Target> {
  private final RelayCounters counters;
  private volatile RelayReader.Understood understood;

  TargetChoice(RelayReader.Understood understood, RelayCounters counters) {
    this.understood = understood;
    this.counters = counters;
  }

  /** Sessions that begin from now on go there. */
  void change(RelayReader.Understood to) {
    understood = to;
    counters.forgetUpstream();
  }

  @Override
  public RelaySupervisor.Target apply(long session) {
    RelayReader.Understood now = understood;
    RelayCounters.Session record = counters.begin(session);
    RelaySettings settings =
        now.settings().toBuilder().onTransfer(start -> counters.connected(record, start)).build();
    return new RelaySupervisor.Target(now.right(), settings);
  }
}
