package dev.sluice.transfer;

import dev.sluice.Internal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When a session last moved something: written by its transfers at each turn, read by whoever keeps
 * its timeouts.
 */
@Internal
public final class Activity {
  private static final VarHandle LAST;

  static {
    try {
      LAST = MethodHandles.lookup().findVarHandle(Activity.class, "last", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("UnusedVariable") // read and written through LAST
  private long last = System.nanoTime();

  /** Something moved now. */
  public void touch() {
    LAST.setOpaque(this, System.nanoTime());
  }

  /** Nanoseconds since something moved. */
  public long idleNanos() {
    return System.nanoTime() - (long) LAST.getOpaque(this);
  }
}
