package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.os.DescriptorReport;
import dev.sluice.relay.SessionCommand.FilesOpened;
import dev.sluice.relay.SessionCommand.PauseEnded;
import dev.sluice.relay.SessionCommand.RightFailed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Both addresses are open: files are opened and options -D obeyed before anything moves, on a
 * thread that may block.
 */
final class SessionReady extends SessionState {
  private @Nullable SessionFiles files;

  private SessionReady(RelaySession session) {
    super(session);
  }

  static Behavior<SessionCommand> begin(RelaySession session, Channel right) {
    session.watchPrograms(right);
    session.opened();
    session.channels().opened(right);
    SessionReady state = new SessionReady(session);
    if (!SessionFiles.areAskedFor(session.settings())
        && !session.settings().describeDescriptors()) {
      return state.prepared(SessionFiles.open(session.settings(), session.log()));
    }
    state.prepare();
    return state;
  }

  private void prepare() {
    ActorRef<SessionCommand> self = session.self();
    CompletableFuture<SessionFiles> opening = new CompletableFuture<>();
    session.uses(opening);
    opening.whenComplete(
        (opened, failure) ->
            self.tell(failure == null ? new FilesOpened(opened) : new RightFailed(failure)));
    List<Integer> descriptors = new ArrayList<>();
    session.channels().parts().forEach(part -> descriptors.addAll(part.numbers()));
    try {
      session.home().runtime().waiting().execute(() -> prepare(session, descriptors, opening));
    } catch (RejectedExecutionException e) {
      opening.completeExceptionally(OpenFailure.lasting(String.valueOf(e.getMessage())));
    }
  }

  private static void prepare(
      RelaySession session, List<Integer> descriptors, CompletableFuture<SessionFiles> opening) {
    try {
      SessionFiles files = SessionFiles.open(session.settings(), session.log());
      if (session.settings().describeDescriptors()) {
        describe(session, descriptors);
      }
      opening.complete(files);
    } catch (Throwable e) {
      opening.completeExceptionally(e);
    }
  }

  @Override
  Behavior<SessionCommand> onRightFailed(RightFailed message) {
    session.failedToOpen(message.cause());
    session.ends(Outcome.FAILED.because(message.cause()));
    return SessionClosing.begin(session);
  }

  @Override
  Behavior<SessionCommand> onFilesOpened(FilesOpened message) {
    return prepared(message.files());
  }

  private Behavior<SessionCommand> prepared(SessionFiles opened) {
    files = opened;
    Duration pause = session.settings().transferPause();
    if (pause.isZero()) {
      return SessionTransferring.begin(session, opened);
    }
    session
        .log()
        .info(
            "before starting data transfer loop: sleeping %ds (env:SOCAT_TRANSFER_WAIT)",
            pause.toSeconds());
    session.after(pause, PauseEnded.BEFORE_TRANSFER);
    return this;
  }

  /** What each descriptor is, once, for option -D. */
  private static void describe(RelaySession session, List<Integer> descriptors) {
    StringBuilder text = new StringBuilder(DescriptorReport.HEADING).append('\n');
    descriptors.forEach(fd -> text.append(DescriptorReport.line(fd)).append('\n'));
    try {
      session
          .settings()
          .dumps()
          .target()
          .write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      session.log().warning(String.valueOf(e.getMessage()));
    }
  }

  @Override
  Behavior<SessionCommand> onPauseEnded(PauseEnded message) {
    return files == null ? this : SessionTransferring.begin(session, files);
  }
}
