package dev.sluice.os;

import java.util.ArrayList;
import java.util.List;

/** Which programs have asked for signals that would otherwise end the relay. Thread-safe. */
public final class ForwardedSignals {
  private record Forward(int signal, ChildProcess program) {}

  private static final List<Forward> FORWARDS = new ArrayList<>();

  private static volatile int own;

  private ForwardedSignals() {}

  /**
   * Sends a signal to all processes of our group, as a terminal does when its user types ^C. It
   * does not end the relay itself.
   */
  public static void toOurGroup(int signal) {
    own = signal;
    ProcessCalls.kill(0, signal);
  }

  /** From now on, and while it lives, a program gets this signal in our place. */
  public static void add(int signal, ChildProcess program) {
    Forward forward = new Forward(signal, program);
    synchronized (FORWARDS) {
      FORWARDS.add(forward);
    }
    program
        .exit()
        .thenRun(
            () -> {
              synchronized (FORWARDS) {
                FORWARDS.remove(forward);
              }
            });
  }

  /** Passes a signal on; false when no program wants it, and it is to end the relay. */
  public static boolean pass(int signal) {
    boolean isOwn = own == signal;
    own = 0;
    List<Forward> wanted;
    synchronized (FORWARDS) {
      wanted = FORWARDS.stream().filter(forward -> forward.signal == signal).toList();
    }
    wanted.forEach(forward -> forward.program.pass(signal));
    return isOwn || !wanted.isEmpty();
  }
}
