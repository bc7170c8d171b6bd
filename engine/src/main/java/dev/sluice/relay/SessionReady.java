package dev.sluice.relay;

import akka.actor.typed.Behavior;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.DescriptorReport;
import dev.sluice.relay.SessionCommand.PauseEnded;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Both addresses are open: files are opened and options -D obeyed before anything moves. */
final class SessionReady extends SessionState {
  private final SessionFiles files;

  private SessionReady(RelaySession session, SessionFiles files) {
    super(session);
    this.files = files;
  }

  static Behavior<SessionCommand> begin(RelaySession session, Channel right) {
    session.programs().watch(right);
    session.opened();
    session.channels().opened(right);
    SessionFiles files;
    try {
      files = SessionFiles.open(session.settings(), session.log());
    } catch (OpenFailure e) {
      session.failedToOpen(e);
      session.ends(Outcome.FAILED.because(e));
      return SessionClosing.begin(session);
    }
    session.uses(files);
    if (session.settings().describeDescriptors()) {
      describe(session);
    }
    Duration pause = session.settings().transferPause();
    if (pause.isZero()) {
      return SessionTransferring.begin(session, files);
    }
    session
        .log()
        .info(
            "before starting data transfer loop: sleeping %ds (env:SOCAT_TRANSFER_WAIT)",
            pause.toSeconds());
    session.after(pause, PauseEnded.BEFORE_TRANSFER);
    return new SessionReady(session, files);
  }

  /** What each descriptor is, once, for option -D. */
  private static void describe(RelaySession session) {
    StringBuilder text = new StringBuilder(DescriptorReport.HEADING).append('\n');
    for (Endpoint part : session.channels().parts()) {
      part.numbers().forEach(fd -> text.append(DescriptorReport.line(fd)).append('\n'));
    }
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
    return SessionTransferring.begin(session, files);
  }
}
