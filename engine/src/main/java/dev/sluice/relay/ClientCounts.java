package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.ConnectionEnds;
import dev.sluice.endpoint.Endpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The sessions of each client, by the host that it connects from. Used on the supervisor's thread
 * only; counts while there is a limit.
 */
final class ClientCounts {
  private final Map<Long, String> sessions = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private int limit;

  /** Sessions of one client at once; 0 for any number. Those that began before count not. */
  void limit(int most) {
    limit = most;
  }

  /** The host of a peer; empty when that is not known, or nobody counts. */
  String host(Channel channel) {
    ConnectionEnds ends =
        limit > 0 && channel instanceof Endpoint endpoint ? endpoint.ends() : null;
    return ends == null || !ends.peer().isInternet() ? "" : ends.peer().hostText();
  }

  /** Whether a client of that host may have one more. */
  boolean admits(String host) {
    return limit == 0 || host.isEmpty() || counts.getOrDefault(host, 0) < limit;
  }

  /** Whether it is the first refusal since a session of that host ended: one line is enough. */
  boolean isNews(String host) {
    return told.add(host);
  }

  void began(long session, String host) {
    if (!host.isEmpty()) {
      sessions.put(session, host);
      counts.merge(host, 1, Integer::sum);
    }
  }

  void ended(long session) {
    String host = sessions.remove(session);
    if (host != null) {
      told.remove(host);
      counts.computeIfPresent(host, (any, count) -> count == 1 ? null : count - 1);
    }
  }
}
