package dev.sluice.endpoint;

import dev.sluice.os.ChildProcess;
import java.util.concurrent.CompletionStage;

/** A program that takes over the other address's descriptors, so that nothing is left to relay. */
@FunctionalInterface
public non-sealed interface Handover extends Opened {
  /**
   * Gives it the descriptors.
   *
   * @param other the other address, whose descriptors stay open here
   * @param replace whether this process may become the program, and then nothing comes back
   * @return the program, running
   */
  CompletionStage<ChildProcess> to(Endpoint other, boolean replace);
}
