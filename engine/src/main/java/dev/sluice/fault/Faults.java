package dev.sluice.fault;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The faults of a relay, which may change while it runs. Thread-safe. */
public final class Faults {
  /** No fault, for ever. */
  public static final Faults NONE = new Faults();

  private final Set<Runnable> watchers = ConcurrentHashMap.newKeySet(1);
  private volatile List<Fault> now = List.of();

  /** Those that hold now. */
  public List<Fault> now() {
    return now;
  }

  /** Other ones hold from now on; sessions that watch are told. */
  public void change(List<Fault> next) {
    if (this == NONE) {
      throw new IllegalStateException("no fault is to stay no fault");
    }
    if (!next.equals(now)) {
      now = List.copyOf(next);
      watchers.forEach(Runnable::run);
    }
  }

  /** Tells of changes, on whatever thread makes them; {@link #leave} ends that. */
  public void watch(Runnable watcher) {
    if (this != NONE) {
      watchers.add(watcher);
    }
  }

  /** Tells of changes no more. */
  public void leave(Runnable watcher) {
    watchers.remove(watcher);
  }
}
