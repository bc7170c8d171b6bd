package dev.sluice.relay;

import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.Transfers;
import org.jspecify.annotations.Nullable;

/** The counters of a session as log lines, which appear whatever the verbosity. */
final class SessionStatistics {
  private SessionStatistics() {}

  static void log(RelayLog log, @Nullable Transfers transfers) {
    if (transfers == null) {
      log.always(Severity.WARNING, "transfer engine not yet started, statistics not available");
      return;
    }
    log.always(Severity.WARNING, "statistics are experimental");
    int blocksWidth = 1;
    int bytesWidth = 1;
    for (Transfer transfer : transfers.all()) {
      blocksWidth = Math.max(blocksWidth, Long.toString(transfer.blocks()).length());
      bytesWidth = Math.max(bytesWidth, Long.toString(transfer.bytes()).length());
    }
    for (TransferDirection direction : TransferDirection.values()) {
      Transfer transfer = transfers.of(direction);
      if (transfer != null) {
        log.always(
            Severity.INFO,
            String.format(
                "STATISTICS: %s: %" + blocksWidth + "d packets(s), %" + bytesWidth + "d byte(s)",
                direction.words(),
                transfer.blocks(),
                transfer.bytes()));
      }
    }
  }
}
