package dev.sluice.relay;

import akka.actor.typed.Scheduler;
import dev.sluice.catalog.AddressPair;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Opened;
import dev.sluice.fault.SessionFaults;
import dev.sluice.os.Poller;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The right address of a session, which is opened for it alone. */
final class RightAddress {
  private RightAddress() {}

  /**
   * Opens it on the poller of its session, from any thread: what blocks has threads of its own.
   *
   * @param left what it is to be joined with, greeted
   * @param scheduler counts the time between attempts
   * @param abandoned done once nobody wants the result any more
   */
  static CompletionStage<? extends Opened> open(
      AddressPair address,
      SessionPlan plan,
      Channel left,
      Scheduler scheduler,
      CompletableFuture<Void> abandoned) {
    Poller poller = plan.poller().poller();
    try {
      return new AddressOpener(
              plan.settings(),
              plan.log(),
              poller,
              plan.home().runtime(),
              new Pauses(scheduler, poller::execute, abandoned),
              plan.scope(),
              left,
              plan.turn(),
              event -> {})
          .open(address, plan.settings().rightDirection(), left::environment, true);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Begins to open it before the session begins, on the thread that accepted the client. So servers
   * see their connections in the order in which the clients came, whichever pollers the sessions
   * have; some, such as iperf3, give each its role by that order.
   *
   * @return what the session waits for; null if it has something else to do first
   */
  static @Nullable Opening begin(SessionPlan plan, Scheduler scheduler) {
    if (!(plan.right() instanceof SessionPlan.Right.ToOpen side)
        || !plan.pause().isZero()
        || plan.left().needsGreeting()
        || SessionFaults.areThere(plan.settings().faults(), plan.left().dataOptions().faults())) {
      return null;
    }
    Opening opening = new Opening();
    opening.begin(open(side.address(), plan, plan.left(), scheduler, opening.abandoned()));
    return opening;
  }
}
