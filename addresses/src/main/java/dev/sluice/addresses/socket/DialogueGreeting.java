package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Greeting;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** A greeting that is a {@link Dialogue} with an accepted peer, on a thread that may block. */
public abstract class DialogueGreeting implements Greeting {
  private final OpenContext context;
  private final Endpoint endpoint;
  private final String head;
  private volatile boolean cancelled;

  /**
   * A greeting to be.
   *
   * @param head what errors about the connection begin with
   */
  protected DialogueGreeting(OpenContext context, Endpoint endpoint, String head) {
    this.context = context;
    this.endpoint = endpoint;
    this.head = head;
  }

  /** Speaks with the peer; what it throws fails the greeting. */
  protected abstract void speak(Dialogue dialogue, RelayLog log);

  @Override
  public final CompletionStage<?> start(RelayLog log) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try {
      context.blockingIo().execute(() -> run(log, done));
    } catch (RejectedExecutionException e) {
      done.completeExceptionally(OpenFailure.retryable(head + ": " + e.getMessage()));
    }
    return done;
  }

  private void run(RelayLog log, CompletableFuture<Void> done) {
    try (Dialogue dialogue =
        new Dialogue(Dialogue.fdOf(endpoint), Dialogue.limit(context.options()), () -> cancelled)) {
      speak(dialogue, log);
      done.complete(null);
    } catch (Dialogue.Broken | NativeError e) {
      done.completeExceptionally(OpenFailure.retryable(head + ": " + e.getMessage()));
    } catch (Throwable e) {
      done.completeExceptionally(e);
    }
  }

  @Override
  public final void cancel() {
    cancelled = true;
  }
}
