package dev.sluice.relay;

/** Something that a relay did, for those who watch it. */
public sealed interface RelayEvent {
  /** The relay waits for peers at that address, such as {@code AF=2 127.0.0.1:8080}. */
  record Listening(String address) implements RelayEvent {}

  /** A session began. */
  record SessionStarted(long session) implements RelayEvent {}

  /**
   * A session ended.
   *
   * @param leftToRight bytes that were written to the right address
   * @param rightToLeft bytes that were written to the left address
   */
  record SessionEnded(long session, Outcome outcome, long leftToRight, long rightToLeft)
      implements RelayEvent {}

  /** The relay begins again after that end. */
  record Restarting(Outcome after) implements RelayEvent {}

  /** The relay has ended; nothing follows. */
  record Ended(Outcome outcome) implements RelayEvent {}
}
