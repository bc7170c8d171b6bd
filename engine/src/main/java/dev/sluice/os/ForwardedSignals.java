package dev.sluice.os;

import java.util.ArrayList;
import java.util.List;

/** Which programs have asked for signals that would otherwise end the relay. Thread-safe. */
public final class ForwardedSignals {
  private record Forward(int signal, ChildProcess program) {}

  private static final List<Forward> FORWARDS = new ArrayList<>();

  private ForwardedSignals() {}

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

  /** Passes a signal on; false when no program wants it. */
  public static boolean pass(int signal) {
    List<Forward> wanted;
    synchronized (FORWARDS) {
      wanted = FORWARDS.stream().filter(forward -> forward.signal == signal).toList();
    }
    wanted.forEach(forward -> forward.program.pass(signal));
    return !wanted.isEmpty();
  }
}
