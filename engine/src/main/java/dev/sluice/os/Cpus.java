package dev.sluice.os;

import java.util.BitSet;

/** The processor that the calling thread runs on, and those that it may run on. */
final class Cpus {
  /** Processors that are told apart, as many as a cpu_set_t of the C library holds. */
  static final int CAPACITY = 1024;

  private static final int BYTES = CAPACITY / Byte.SIZE;

  private Cpus() {}

  /** Where the calling thread runs, or {@code -errno}. See sched_getcpu(3). */
  static int current() {
    return ProcessCalls.currentCpu();
  }

  /**
   * Where the calling thread may run; nowhere, if the kernel does not tell. See
   * sched_getaffinity(2).
   */
  static BitSet allowed() {
    NativeBuffer set = NativeCalls.scratch();
    long[] words = new long[BYTES / Long.BYTES];
    if (NativeCalls.call("sched_getaffinity", 0, BYTES, set) >= 0) {
      for (int i = 0; i < words.length; i++) {
        words[i] = set.getLong(i * Long.BYTES);
      }
    }
    return BitSet.valueOf(words);
  }

  /**
   * Has the calling thread run there and nowhere else, at once; false if the kernel refuses. See
   * sched_setaffinity(2).
   */
  static boolean allow(BitSet cpus) {
    NativeBuffer set = NativeCalls.scratch();
    long[] words = cpus.toLongArray();
    for (int i = 0; i < BYTES / Long.BYTES; i++) {
      set.putLong(i * Long.BYTES, i < words.length ? words[i] : 0);
    }
    return NativeCalls.call("sched_setaffinity", 0, BYTES, set) >= 0;
  }
}
