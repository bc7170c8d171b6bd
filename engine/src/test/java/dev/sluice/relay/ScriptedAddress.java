package dev.sluice.relay;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.OptionGroup;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An address type whose every attempt to open waits for what the test makes of it. */
final class ScriptedAddress implements AddressType {
  private static final long PATIENCE_SECONDS = 10;
  private static final long QUIET_MILLIS = 60;

  private final AddressDescriptor descriptor;
  private final LinkedBlockingQueue<Attempt> attempts = new LinkedBlockingQueue<>();

  ScriptedAddress(String keyword) {
    descriptor =
        AddressDescriptor.named(keyword)
            .groups(
                OptionGroup.FD,
                OptionGroup.SOCKET,
                OptionGroup.CHILD,
                OptionGroup.LISTEN,
                OptionGroup.RETRY);
  }

  /** One call of {@link AddressType#open}. */
  record Attempt(OpenContext context, CompletableFuture<Opened> result) {
    void succeed(Opened opened) {
      result.complete(opened);
    }

    void fail(Throwable cause) {
      result.completeExceptionally(cause);
    }
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    Attempt attempt = new Attempt(context, new CompletableFuture<>());
    attempts.add(attempt);
    return attempt.result();
  }

  /** The next attempt; waits for it. */
  Attempt next() {
    return Objects.requireNonNull(poll(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS)), "no attempt");
  }

  /** Whether there is no attempt now, nor for a moment. */
  boolean isQuiet() {
    return poll(QUIET_MILLIS) == null;
  }

  private @Nullable Attempt poll(long millis) {
    try {
      return attempts.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
