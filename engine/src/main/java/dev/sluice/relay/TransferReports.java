package dev.sluice.relay;

import dev.sluice.os.NativeError;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;

/**
 * Turns what transfers say on their threads into messages. What a stopped transfer loses is kept
 * here, since its session may stop before it hears a message.
 */
final class TransferReports implements Transfer.Observer {
  private final RelaySession session;
  private long lostToRight;
  private long lostToLeft;

  TransferReports(RelaySession session) {
    this.session = session;
  }

  @Override
  public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
    boolean goesOn = SessionTransferring.tolerates(session, direction, error);
    session.self().tell(new SessionCommand.WriteFailed(direction, error, lost, goesOn));
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
    session.self().tell(new SessionCommand.SourceEnded(direction));
  }

  @Override
  public void ended(TransferDirection direction, TransferEnd end) {
    session.self().tell(new SessionCommand.Ended(direction, end));
  }
}
