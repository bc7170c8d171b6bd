package dev.sluice.cluster;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Opened;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where sessions of a relay with {@code place = via} go: its own right address on the owner, the
 * owner's door elsewhere. While there is no owner, or it can't be reached, the session waits.
 */
final class ViaAddress implements AddressType {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OWNER")
          .documented(
              "goes to the owner", "Stands for the owner of a relay in a cluster.", "OWNER");

  private final String relay;
  private final Address local;
  private final Shared shared;
  private final BiFunction<String, Integer, Address> door;

  /**
   * Makes one.
   *
   * @param local where sessions go on the owner itself
   * @param door the address of a door of another node
   */
  ViaAddress(
      String relay, Address local, Shared shared, BiFunction<String, Integer, Address> door) {
    this.relay = relay;
    this.local = local;
    this.shared = shared;
    this.door = door;
  }

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    CompletableFuture<Opened> result = new CompletableFuture<>();
    attempt(context, System.nanoTime() + PATIENCE.toNanos(), "it has no owner", result);
    return result;
  }

  private void attempt(
      OpenContext context, long end, String reason, CompletableFuture<Opened> result) {
    Shared.Route route = shared.route(relay);
    if (context.abandoned().isDone()) {
      result.completeExceptionally(new CancellationException());
    } else if (route != null && route.here()) {
      context
          .others()
          .open(local, context.direction())
          .whenComplete((opened, failure) -> complete(result, opened, failure));
    } else if (System.nanoTime() - end > 0) {
      result.completeExceptionally(OpenFailure.retryable("relay " + relay + ": " + reason));
    } else if (route == null || route.door() == 0) {
      LATER.execute(() -> attempt(context, end, reason, result));
    } else {
      context.log().info("relay %s: its owner is %s", relay, route.node());
      context
          .others()
          .open(door.apply(route.node(), route.door()), context.direction())
          .whenComplete(
              (opened, failure) -> {
                if (opened != null) {
                  complete(result, opened, null);
                } else {
                  String why = "its owner " + route.node() + " can't be reached: " + failure;
                  LATER.execute(() -> attempt(context, end, why, result));
                }
              });
    }
  }

  private static void complete(
      CompletableFuture<Opened> result, @Nullable Opened opened, @Nullable Throwable failure) {
    if (opened == null) {
      result.completeExceptionally(
          failure == null ? new IllegalStateException("no result") : failure);
    } else {
      result.complete(opened);
    }
  }
}
