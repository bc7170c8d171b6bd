package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import java.util.function.BiPredicate;

/** Turns what transfers say on their threads into messages. */
record TransferReports(
    ActorRef<SessionCommand> session, BiPredicate<TransferDirection, NativeError> tolerates)
    implements Transfer.Observer {
  @Override
  public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
    boolean goesOn = tolerates.test(direction, error);
    session.tell(new SessionCommand.WriteFailed(direction, error, lost, goesOn));
    return goesOn;
  }

  @Override
  public void stoppedWith(TransferDirection direction, long lost) {
    session.tell(new SessionCommand.StoppedWith(direction, lost));
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
