package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import java.util.function.BiPredicate;

/**
 * Turns what transfers say on their threads into messages. What a stopped transfer loses is kept
 * here, since its session may stop before it hears a message.
 */
final class TransferReports implements Transfer.Observer {
  private final ActorRef<SessionCommand> session;
  private final BiPredicate<TransferDirection, NativeError> tolerates;
  private long lostToRight;
  private long lostToLeft;

  TransferReports(
      ActorRef<SessionCommand> session, BiPredicate<TransferDirection, NativeError> tolerates) {
    this.session = session;
    this.tolerates = tolerates;
  }

  @Override
  public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
    boolean goesOn = tolerates.test(direction, error);
    session.tell(new SessionCommand.WriteFailed(direction, error, lost, goesOn));
    return goesOn;
  }

  @Override
  public synchronized void stoppedWith(TransferDirection direction, long lost) {
    if (direction == TransferDirection.LEFT_TO_RIGHT) {
      lostToRight += lost;
    } else {
      lostToLeft += lost;
    }
  }

  /** Bytes that were read, and not written when the direction was stopped. */
  synchronized long lost(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? lostToRight : lostToLeft;
  }

  @Override
  public void sourceEnded(TransferDirection direction) {
    session.tell(new SessionCommand.SourceEnded(direction));
  }

  @Override
  public void ended(TransferDirection direction, TransferEnd end) {
    session.tell(new SessionCommand.Ended(direction, end));
  }
}
