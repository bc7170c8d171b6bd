package dev.sluice.fleet.pool;

import dev.sluice.fleet.model.PoolDefinition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The pools that run, by name, and which session has which member. Thread-safe. */
public final class Pools {
  private final Map<String, Pool> pools = new ConcurrentSkipListMap<>();
  private final Map<Long, String> sessions = new ConcurrentHashMap<>();
  private final BiConsumer<Pool, String> news;

  /** Makes none yet; {@code news} is told what happens to members, and must not block. */
  public Pools(BiConsumer<Pool, String> news) {
    this.news = news;
  }

  /** The pool of that name; null when there is none. */
  public @Nullable Pool find(String name) {
    return pools.get(name);
  }

  /** All of them, by name. */
  public Collection<Pool> all() {
    return pools.values();
  }

  /** Forgets all other pools. */
  public void retain(Collection<String> names) {
    pools.keySet().retainAll(names);
  }

  /**
   * Has a pool run; one of that name that ran before keeps its state.
   *
   * @param hiding makes a text one that may be shown
   */
  public void put(
      PoolDefinition definition, List<PoolTarget> targets, UnaryOperator<String> hiding) {
    Pool pool = pools.get(definition.name());
    if (pool == null) {
      pool = new Pool(definition, targets, System::nanoTime, news);
      pool.hide(hiding);
      pools.put(definition.name(), pool);
    } else {
      pool.hide(hiding);
      pool.update(definition, targets);
    }
  }

  /** The pool and member that a session has, as {@code POOL/MEMBER}; null when it has none. */
  public @Nullable String memberOf(long session) {
    return sessions.get(session);
  }

  void connected(long session, Pool pool, String member) {
    sessions.put(session, pool.definition().name() + "/" + member);
  }

  void ended(long session) {
    sessions.remove(session);
  }
}
