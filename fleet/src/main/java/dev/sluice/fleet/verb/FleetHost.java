package dev.sluice.fleet.verb;

import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.RelayOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/** What the program around a fleet provides; the command line implements it. */
public interface FleetHost {
  /** All address types. */
  Catalog catalog();

  /** Reads the options of relays. */
  RelayOptions options();

  /** Akka's configuration where it was packaged with the program. */
  Optional<Map<String, Object>> akkaConfiguration();

  /**
   * Has log lines written.
   *
   * @param verbosity 0 errors, 1 warnings, 2 notices, 3 infos, 4 debug
   * @param file where they go in place of standard error
   */
  void startLogging(int verbosity, Optional<String> file) throws IOException;

  /** Makes the process one that serves for long: native calls, orphans, what nobody catches. */
  void becomeService();

  /** Has a handler run when the process gets signal HUP, INT or TERM, told its number. */
  void onSignal(IntConsumer handler);

  /** Ends the process at once. */
  void end(int status);
}
