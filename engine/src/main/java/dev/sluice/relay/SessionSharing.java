package dev.sluice.relay;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Opened;
import dev.sluice.relay.SessionCommand.Report;
import dev.sluice.relay.SessionCommand.SharingEnded;

/** The right address has option fork: a supervisor of its own has sessions share the left one. */
final class SessionSharing extends SessionState {
  private final ActorRef<RelayCommand> sharing;

  private SessionSharing(RelaySession session, ActorRef<RelayCommand> sharing) {
    super(session);
    this.sharing = sharing;
  }

  static Behavior<SessionCommand> begin(RelaySession session, Opened opened, AddressPair right) {
    if (!(session.channels().left() instanceof Endpoint left)) {
      AddressOpener.discard(opened);
      session.failedToOpen(
          OpenFailure.lasting("a stream can't be shared by sessions (option fork)"));
      return SessionClosing.begin(session);
    }
    session.opened();
    ActorRef<SessionCommand> self = session.self();
    SupervisorSetup setup =
        SupervisorSetup.sharing(
            left,
            right,
            session.settings(),
            session.home().runtime(),
            session.log(),
            event -> {
              if (event instanceof RelayEvent.Ended end) {
                self.tell(new SharingEnded(end.outcome()));
              }
            });
    ActorRef<RelayCommand> sharing =
        session
            .context()
            .spawnAnonymous(
                RelaySupervisor.sharing(session.poller(), opened, setup),
                session.poller().dispatcher());
    session.context().watchWith(sharing, new SharingEnded(Outcome.FAILED));
    return new SessionSharing(session, sharing);
  }

  @Override
  Behavior<SessionCommand> onSharingEnded(SharingEnded message) {
    session.ends(message.outcome());
    session.decide(RelaySession.Ending.SHARED);
    return SessionClosing.begin(session);
  }

  @Override
  Behavior<SessionCommand> onReport(Report message) {
    ActorRef<Done> answer =
        session
            .context()
            .spawnAnonymous(
                Behaviors.receiveMessage(
                    done -> {
                      message.done();
                      return Behaviors.stopped();
                    }));
    sharing.tell(new RelayCommand.ReportStatistics(answer));
    return this;
  }

  @Override
  Behavior<SessionCommand> onStop() {
    sharing.tell(RelayCommand.Stop.NOW);
    return this;
  }
}
