package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Greeting;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A greeting that is a {@link Dialogue} with an accepted peer: a silent one has no thread. */
public abstract class DialogueGreeting implements Greeting {
  private final OpenContext context;
  private final String head;
  private final Executor executor;
  private volatile boolean cancelled;
  private volatile @Nullable Dialogue dialogue;

  /**
   * A greeting whose parts are short: they run on the poller's thread.
   *
   * @param head what errors about the connection begin with
   */
  protected DialogueGreeting(OpenContext context, String head) {
    this(context, head, context.poller()::execute);
  }

  /** A greeting whose parts run on that executor. */
  protected DialogueGreeting(OpenContext context, String head, Executor executor) {
    this.context = context;
    this.head = head;
    this.executor = executor;
  }

  /**
   * Speaks with the peer; the stage gives the endpoint as it is used from then on. What it fails
   * with fails the greeting.
   */
  protected abstract CompletionStage<Endpoint> speak(
      Endpoint endpoint, Dialogue dialogue, RelayLog log);

  @Override
  public final CompletionStage<Endpoint> start(Endpoint endpoint, RelayLog log) {
    Dialogue begun =
        new Dialogue(
            context.poller(), executor, Dialogue.fdOf(endpoint), Dialogue.limit(context.options()));
    dialogue = begun;
    if (cancelled) {
      begun.cancel();
    }
    return begun
        .hold(open -> speak(endpoint, open, log))
        .exceptionally(
            failure -> {
              Throwable cause = Dialogue.cause(failure);
              throw new CompletionException(
                  cause instanceof Dialogue.Broken || cause instanceof NativeError
                      ? OpenFailure.retryable(head + ": " + cause.getMessage())
                      : cause);
            });
  }

  @Override
  public final void cancel() {
    cancelled = true;
    Dialogue begun = dialogue;
    if (begun != null) {
      begun.cancel();
    }
  }
}
