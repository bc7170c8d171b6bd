package dev.sluice.endpoint;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Fd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** An endpoint is greeted once at most, closed once, and what was made for it is undone once. */
final class EndpointLifeRaces {
  private EndpointLifeRaces() {}

  /** Never answered: it ends when it is cancelled, before or after it was started. */
  private static final class Silent implements Greeting {
    private final AtomicInteger starts = new AtomicInteger();
    private final CompletableFuture<Endpoint> end = new CompletableFuture<>();

    @Override
    public CompletionStage<Endpoint> start(Endpoint endpoint, RelayLog log) {
      starts.incrementAndGet();
      return end;
    }

    @Override
    public void cancel() {
      end.cancel(false);
    }
  }

  private static Endpoint nothing() {
    return Endpoint.of(Fd.borrowed(0), Direction.BOTH);
  }

  /** A session fails while its relay closes the endpoint. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Undone once.")
  @Outcome(expect = FORBIDDEN, desc = "Undone twice, or never.")
  @State
  public static class ClosedTwice {
    private final AtomicInteger before = new AtomicInteger();
    private final AtomicInteger after = new AtomicInteger();
    private final Endpoint endpoint =
        nothing().beforeClose(before::incrementAndGet).onClose(after::incrementAndGet);

    @Actor
    public void closes() {
      endpoint.close();
    }

    @Actor
    public void aborts() {
      endpoint.abort();
    }

    @Arbiter
    public void count(II_Result undone) {
      undone.r1 = before.get();
      undone.r2 = after.get();
    }
  }

  /** Something more is to be undone at the close, which comes at the same time. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Undone once.")
  @Outcome(expect = FORBIDDEN, desc = "Undone twice, or never.")
  @State
  public static class AddedAtTheEnd {
    private final AtomicInteger before = new AtomicInteger();
    private final AtomicInteger after = new AtomicInteger();
    private final Endpoint endpoint = nothing();

    @Actor
    public void adds() {
      endpoint.beforeClose(before::incrementAndGet).onClose(after::incrementAndGet);
    }

    @Actor
    public void closes() {
      endpoint.close();
    }

    @Arbiter
    public void count(II_Result undone) {
      undone.r1 = before.get();
      undone.r2 = after.get();
    }
  }

  /** Two greet at once. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "Greeted once.")
  @Outcome(expect = FORBIDDEN, desc = "Greeted twice.")
  @State
  public static class GreetedTwice {
    private final Silent greeting = new Silent();
    private final Endpoint endpoint = nothing().greeting(greeting);

    @Actor
    public void first() {
      endpoint.greet(RelayLog.ofProcess());
    }

    @Actor
    public void second() {
      endpoint.greet(RelayLog.ofProcess());
    }

    @Arbiter
    public void count(I_Result starts) {
      starts.r1 = greeting.starts.get();
    }
  }

  /** A greeting starts while the endpoint is closed: it is over, and all is undone. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Nothing goes on.")
  @Outcome(expect = FORBIDDEN, desc = "The greeting goes on, or something is left.")
  @State
  public static class GreetedAtTheEnd {
    private final Silent greeting = new Silent();
    private final AtomicInteger undone = new AtomicInteger();
    private final Endpoint endpoint = nothing().greeting(greeting).onClose(undone::incrementAndGet);

    @Actor
    public void greets() {
      endpoint.greet(RelayLog.ofProcess());
    }

    @Actor
    public void closes() {
      endpoint.close();
    }

    @Arbiter
    public void count(II_Result left) {
      left.r1 = greeting.starts.get() > 0 && !greeting.end.isDone() ? 1 : 0;
      left.r2 = undone.get();
    }
  }
}
