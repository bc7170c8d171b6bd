package dev.sluice.cli;

import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeSignals;
import dev.sluice.os.ProcessCalls;
import java.util.function.IntConsumer;

/** Signals of the process: which are reported before they end it (docs/adr/0006). */
final class Signals {
  private static final int HUP = 1;
  private static final int INT = 2;
  private static final int ABRT = 6;
  private static final int USR1 = 10;
  private static final int PIPE = 13;
  private static final int CHLD = 17;
  private static final int TERM = 15;

  /** Those that the JVM has taken for itself. */
  private static final int[] OF_THE_JVM = {
    NativeSignals.QUIT,
    NativeSignals.ILL,
    NativeSignals.BUS,
    NativeSignals.FPE,
    NativeSignals.SEGV,
    NativeSignals.USR2
  };

  private Signals() {}

  /**
   * Takes the signals that {@code mask} names, by the bit of their number, and USR1. Others have
   * their default action, or are ignored if the caller had that so.
   *
   * @param ending told the number of a signal that ends the process
   * @param reporting told when USR1 came
   */
  static void install(int mask, IntConsumer ending, Runnable reporting) {
    ProcessCalls.resetSignal(PIPE, true);
    // ignored, the system would keep how programs end to itself
    ProcessCalls.resetSignal(CHLD, false);
    take("HUP", HUP, mask, ending);
    take("INT", INT, mask, ending);
    take("ABRT", ABRT, mask, ending);
    take("TERM", TERM, mask, ending);
    ProcessCalls.resetSignal(USR1, false);
    sun.misc.Signal.handle(new sun.misc.Signal("USR1"), signal -> reporting.run());
    if (NativeSignals.isSupported()) {
      NativeSignals.take(
          OF_THE_JVM,
          number -> {
            try {
              if (isIn(mask, number) && number != NativeSignals.USR2) {
                ending.accept(number);
              } else {
                killUs(number);
              }
            } catch (RuntimeException e) {
              RelayLog.ofProcess().error("signal " + number + ": " + e); // the next one is told
            }
          });
    } else {
      ProcessCalls.resetSignal(NativeSignals.QUIT, false);
    }
  }

  private static boolean isIn(int mask, int number) {
    return (mask & 1 << number) != 0;
  }

  /** Has {@code changed} run when the terminal's window has another size (WINCH). */
  static void whenWindowChanges(Runnable changed) {
    sun.misc.Signal.handle(new sun.misc.Signal("WINCH"), signal -> changed.run());
  }

  private static void take(String name, int number, int mask, IntConsumer ending) {
    boolean wanted = isIn(mask, number);
    if (wanted || !ProcessCalls.isSignalIgnored(number)) {
      ProcessCalls.resetSignal(number, false);
    }
    if (wanted) {
      sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> ending.accept(number));
    }
  }

  private static void killUs(int number) {
    RelayLog.flush();
    ProcessCalls.resetSignal(number, false);
    ProcessCalls.kill((int) ProcessHandle.current().pid(), number);
  }
}
