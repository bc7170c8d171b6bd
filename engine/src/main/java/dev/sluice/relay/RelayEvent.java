package dev.sluice.relay;

import java.net.SocketAddress;
import java.time.Instant;
import java.util.Optional;

/** Something that a relay did. */
public sealed interface RelayEvent {
  /**
   * The relay waits for peers.
   *
   * @param text where, as log lines show it, such as {@code AF=2 127.0.0.1:8080}
   * @param address the same, if it is an Internet address or a UNIX path
   */
  record Listening(String text, Optional<SocketAddress> address) implements RelayEvent {}

  /**
   * A session began.
   *
   * @param session its number, which no other session of this process has
   * @param peer who connected to the left address, where that is known
   * @param local what it connected to
   * @param start when
   */
  record SessionStarted(
      long session, Optional<SocketAddress> peer, Optional<SocketAddress> local, Instant start)
      implements RelayEvent {}

  /**
   * Both addresses of a session are open, and bytes move.
   *
   * @param leftToRight the plan that moves them to the right address ({@code copy}, {@code splice},
   *     {@code datagrams} or {@code stream}); empty when nothing moves there
   * @param rightToLeft the same for the other direction
   */
  record TransferStarted(long session, Optional<String> leftToRight, Optional<String> rightToLeft)
      implements RelayEvent {}

  /**
   * A session ended.
   *
   * @param outcome how, and what had failed
   * @param leftToRight bytes that were written to the right address
   * @param rightToLeft bytes that were written to the left address
   */
  record SessionEnded(long session, Outcome outcome, long leftToRight, long rightToLeft)
      implements RelayEvent {}

  /**
   * The left address could not be opened, and is tried again.
   *
   * @param attempt how many attempts have failed
   * @param cause why the last one failed
   */
  record Retrying(int attempt, Throwable cause) implements RelayEvent {}

  /** The relay begins again; {@code after} is how it had ended. */
  record Restarting(Outcome after) implements RelayEvent {}

  /** The relay has ended; nothing follows. */
  record Ended(Outcome outcome) implements RelayEvent {}
}
