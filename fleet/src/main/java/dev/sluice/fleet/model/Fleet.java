package dev.sluice.fleet.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Many relays, by name. Immutable.
 *
 * @param relays in the order in which they were written
 * @param secrets values that their addresses use
 * @param admin where the admin API listens, if the file says so
 */
public record Fleet(
    Map<String, RelayDefinition> relays, Secrets secrets, Optional<AdminSettings> admin) {
  public static final Fleet EMPTY = new Fleet(Map.of(), Secrets.NONE, Optional.empty());

  public Fleet {
    relays = Collections.unmodifiableMap(new LinkedHashMap<>(relays));
  }
}
