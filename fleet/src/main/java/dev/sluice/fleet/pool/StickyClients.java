package dev.sluice.fleet.pool;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which client had which member last. Bounded: the client that was away longest is forgotten. Not
 * thread-safe.
 */
final class StickyClients {
  static final int MOST = 65_536;

  private record Stay(String member, long since) {}

  private final Map<String, Stay> clients = new LinkedHashMap<>(16, 0.75f, true);

  /** The member of a client; null when it has none, or not any more. */
  @Nullable String memberOf(String client, Duration time, long now) {
    Stay stay = clients.get(client);
    if (stay == null) {
      return null;
    }
    if (now - stay.since > time.toNanos()) {
      clients.remove(client);
      return null;
    }
    return stay.member;
  }

  void remember(String client, String member, long now) {
    clients.put(client, new Stay(member, now));
    if (clients.size() > MOST) {
      clients.remove(clients.keySet().iterator().next());
    }
  }

  void clear() {
    clients.clear();
  }

  int size() {
    return clients.size();
  }
}
