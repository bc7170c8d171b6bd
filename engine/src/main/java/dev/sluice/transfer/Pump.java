package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;

/**
 * Moves bytes of one direction, a step at a time. Not thread-safe: one driver at a time.
 *
 * <p>A pump never waits; its driver waits for what {@link #step} asks for. Descriptors in blocking
 * mode must be ready before a step is taken.
 */
interface Pump {
  /** What a step came to. */
  enum Step {
    /** Something moved, and more may be waiting. */
    MOVED,
    /** Something moved, and the source is empty now, unless it has hung up or sends urgent data. */
    MOVED_ALL,
    /** The source has nothing yet. */
    WANTS_INPUT,
    /** The destination has no room; bytes may be held back. */
    WANTS_OUTPUT,
    /** The source is at its end or its limit, and all has been written. */
    END
  }

  /**
   * Takes one step; {@code scratch} is the driver's memory for one block, unused between steps.
   * Throws {@link EndpointFailure}.
   */
  Step step(Block scratch);

  /** Whether bytes that were read wait to be written. */
  boolean holdsBytes();

  /** Whether the source, found empty, is worth another look before it is told to be readable. */
  default boolean expectsMore() {
    return false;
  }

  /** Frees what the pump holds; bytes in it are lost. Returns how many. */
  long release();

  /** Bytes written so far. */
  long bytes();

  /** Pieces written so far. */
  long blocks();

  /** The name of the plan in use now. */
  String plan();
}
