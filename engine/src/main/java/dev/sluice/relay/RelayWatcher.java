package dev.sluice.relay;

/** Who is told what a relay does, on the thread of its supervisor: it must not block. */
@FunctionalInterface
public interface RelayWatcher {
  /** Something has happened; {@link RelayEvent.Ended} is the last. What this throws is logged. */
  void happened(RelayEvent event);

  /**
   * Whether {@link RelayEvent.SessionStarted} is to have the addresses of both ends, and {@link
   * RelayEvent.TransferStarted} is told. That costs a system call and a message for each session.
   */
  default boolean followsSessions() {
    return true;
  }
}
