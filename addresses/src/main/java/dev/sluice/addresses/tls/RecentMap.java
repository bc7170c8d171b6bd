package dev.sluice.addresses.tls;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map of which the oldest entry gives way when there is one too many. Not thread-safe. */
final class RecentMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  RecentMap(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
