package dev.sluice.cluster;

import dev.sluice.log.RelayLog;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes warnings, but none again that was written a moment ago. Thread-safe. */
final class SeldomLog {
  private static final long AGAIN_NANOS = 10_000_000_000L;
  private static final int REMEMBERED = 64;

  private final Map<String, Long> written =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  void warning(String text) {
    long now = System.nanoTime();
    synchronized (written) {
      Long before = written.get(text);
      if (before != null && now - before < AGAIN_NANOS) {
        return;
      }
      written.remove(text);
      written.put(text, now);
    }
    RelayLog.ofProcess().warning(text);
  }
}
