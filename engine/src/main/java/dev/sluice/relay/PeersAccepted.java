package dev.sluice.relay;

import akka.actor.typed.ActorRef;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Listener;

/** Turns what a listener says on its poller's thread into messages. */
record PeersAccepted(ActorRef<RelayCommand> supervisor) implements Listener.Handler {
  @Override
  public void connected(Channel channel, Runnable announcement) {
    supervisor.tell(new SupervisorCommand.Connected(channel, announcement));
  }

  @Override
  public void failed(Throwable cause) {
    supervisor.tell(new SupervisorCommand.ListenerFailed(cause));
  }

  @Override
  public void timedOut() {
    supervisor.tell(SupervisorCommand.Notice.ACCEPT_TIMED_OUT);
  }
}
