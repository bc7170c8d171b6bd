package dev.sluice.fleet.model;

import java.time.Duration;

/** What becomes of the sessions of a relay whose definition changes or is removed. */
public sealed interface OnChange {
  /** They go on until they end by themselves. */
  record Keep() implements OnChange {
    @Override
    public String toString() {
      return "keep";
    }
  }

  /** They have that long to end by themselves. */
  record Drain(Duration deadline) implements OnChange {
    @Override
    public String toString() {
      return "drain " + Durations.text(deadline);
    }
  }

  /** They are ended at once. */
  record Cut() implements OnChange {
    @Override
    public String toString() {
      return "cut";
    }
  }
}
