package dev.sluice.cli;

import dev.sluice.os.LibC;
import java.util.function.IntConsumer;

/**
 * Signals of the process. The JVM keeps QUIT, ILL, FPE and SEGV for itself; QUIT gets its default
 * action back, so it ends the process at once (docs/adr/0006).
 */
final class Signals {
  private static final int QUIT = 3;
  private static final int USR1 = 10;
  private static final int PIPE = 13;

  private Signals() {}

  /**
   * Takes the signals that {@code mask} names, by the bit of their number, and USR1.
   *
   * @param ending told the number of a signal that ends the process
   * @param reporting told when USR1 came
   */
  static void install(int mask, IntConsumer ending, Runnable reporting) {
    LibC.resetSignal(QUIT, false);
    LibC.resetSignal(PIPE, true);
    take("HUP", 1, mask, ending);
    take("INT", 2, mask, ending);
    take("ABRT", 6, mask, ending);
    take("TERM", 15, mask, ending);
    LibC.resetSignal(USR1, false);
    sun.misc.Signal.handle(new sun.misc.Signal("USR1"), signal -> reporting.run());
  }

  private static void take(String name, int number, int mask, IntConsumer ending) {
    LibC.resetSignal(number, false);
    if ((mask & 1 << number) != 0) {
      sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> ending.accept(number));
    }
  }
}
