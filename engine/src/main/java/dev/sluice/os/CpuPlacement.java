package dev.sluice.os;

import java.util.BitSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps busy-polling threads on different processors.
 *
 * <p>The kernel distributes threads by number, not by load. With two busy-polling threads on one of
 * two processors, and the two programs that they serve on the other, the kernel sees balance and
 * changes nothing, although the programs have more to do. So a thread that finds another
 * busy-polling thread on its processor keeps off that processor for a while: long enough for the
 * kernel to move one of the programs in exchange, short enough not to matter when all is quiet. See
 * sched_setaffinity(2).
 *
 * <p>Used by one thread.
 */
final class CpuPlacement {
  /** Nanoseconds for which a thread that was busy is taken to be so still. */
  private static final long BUSY = TimeUnit.MILLISECONDS.toNanos(2);

  /** Nanoseconds to keep away. */
  private static final long AWAY = TimeUnit.MILLISECONDS.toNanos(200);

  /** Of the process. */
  private static final AtomicReferenceArray<@Nullable CpuPlacement> HOLDERS =
      new AtomicReferenceArray<>(Cpus.CAPACITY);

  /** Who was busy last, on each processor. */
  private final AtomicReferenceArray<@Nullable CpuPlacement> holders;

  private volatile int cpu = -1;
  private volatile long seen;
  private @Nullable BitSet home;
  private long left;
  private boolean mayMove = true;

  CpuPlacement() {
    this(HOLDERS);
  }

  CpuPlacement(AtomicReferenceArray<@Nullable CpuPlacement> holders) {
    this.holders = holders;
  }

  /** The thread looks for work and does not sleep. */
  void busy() {
    int here = mayMove ? Cpus.current() : -1;
    if (here < 0 || here >= holders.length()) {
      return;
    }
    long now = System.nanoTime();
    if (isShared(here, now) && home == null) {
      leave(here, now);
    } else if (now - left >= AWAY) {
      comeBack();
    }
  }

  /** Ends keeping away: for a thread that will start others, which inherit where they may run. */
  void comeBack() {
    BitSet all = home;
    if (all != null) {
      home = null;
      mayMove = Cpus.allow(all);
    }
  }

  /** Milliseconds for which the thread may sleep; −1 for as long as it likes. */
  int sleepMillis() {
    if (home == null) {
      return -1;
    }
    long still = AWAY - (System.nanoTime() - left);
    if (still <= 0) {
      comeBack();
      return -1;
    }
    return (int) TimeUnit.NANOSECONDS.toMillis(still) + 1;
  }

  /** Whether another busy thread has this processor; if not, this one has it. */
  boolean isShared(int here, long now) {
    cpu = here;
    seen = now;
    CpuPlacement holder = holders.get(here);
    if (holder == null || holder.cpu != here || now - holder.seen > BUSY) {
      holders.set(here, this);
      return false;
    }
    return holder != this;
  }

  private void leave(int here, long now) {
    BitSet all = Cpus.allowed();
    BitSet others = (BitSet) all.clone();
    others.clear(here);
    mayMove = !others.isEmpty() && Cpus.allow(others);
    if (mayMove) {
      home = all;
      left = now;
    }
  }
}
