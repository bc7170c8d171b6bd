package dev.sluice.relay;

import dev.sluice.catalog.OpenSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The variables that programs started by a session find: the process's own, and what the relay
 * tells them under its prefix.
 */
final class RelayEnvironment {
  /** What begins the facts of a TLS peer: those of an outer relay must not be taken for ours. */
  private static final String TLS = "OPENSSL_";

  private RelayEnvironment() {}

  /**
   * All variables of a program.
   *
   * @param base what the process itself was given
   * @param settings names the prefix
   * @param session the session's number
   * @param facts variables of addresses opened before, without prefix
   */
  static Map<String, String> of(
      Map<String, String> base, OpenSettings settings, long session, Map<String, String> facts) {
    Map<String, String> all = new LinkedHashMap<>(base);
    String prefix = settings.programName().toUpperCase(Locale.ROOT) + "_";
    all.put(prefix + "VERSION", OpenSettings.VERSION);
    all.put(prefix + "PID", Long.toString(session));
    all.put(prefix + "PPID", Long.toString(ProcessHandle.current().pid()));
    if (facts.keySet().stream().anyMatch(name -> name.startsWith(TLS))) {
      all.keySet().removeIf(name -> name.startsWith(prefix + TLS));
    }
    facts.forEach((name, value) -> all.put(prefix + name, value));
    return all;
  }
}
