package dev.sluice.fleet.pool;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.OptionGroup;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * {@code POOL:name}: a member of a pool, and the next one when that can't be connected, until one
 * answers or all were tried. No byte moves before that, so the client does not notice.
 */
public final class PoolAddress implements AddressType {
  /** Its keyword. */
  public static final String KEYWORD = "POOL";

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named(KEYWORD)
          .takes(Parameter.required("name"))
          .groups(OptionGroup.FD, OptionGroup.RETRY)
          .documented(
              "connects to a member of a pool",
              "Stands in a fleet's file for the members of a pool of that file.",
              "POOL:web");

  private final Pools pools;

  public PoolAddress(Pools pools) {
    this.pools = pools;
  }

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    String name = context.parameter(0);
    Pool pool = pools.find(name);
    if (pool == null) {
      return CompletableFuture.failedStage(OpenFailure.lasting("POOL: there is no pool " + name));
    }
    Attempts attempts = new Attempts(context, pool, name);
    attempts.next();
    return attempts.result;
  }

  /** The members that one session tries. */
  private final class Attempts {
    private final OpenContext context;
    private final Pool pool;
    private final String name;
    private final String client;
    private final Map<String, String> tried = new LinkedHashMap<>();
    private final CompletableFuture<Opened> result = new CompletableFuture<>();

    Attempts(OpenContext context, Pool pool, String name) {
      this.context = context;
      this.pool = pool;
      this.name = name;
      Channel left = context.left();
      this.client = left == null ? "" : left.environment().getOrDefault("PEERADDR", "");
    }

    void next() {
      if (context.abandoned().isDone()) {
        result.completeExceptionally(new CancellationException());
        return;
      }
      Pool.Lease lease = pool.next(client, tried.keySet());
      if (lease == null) {
        result.completeExceptionally(OpenFailure.retryable(noneAnswers()));
        return;
      }
      context.log().info("pool %s: trying member %s", name, lease.member());
      CompletionStage<? extends Opened> opening;
      try {
        opening = context.others().open(lease.address(), context.direction());
      } catch (RuntimeException e) {
        opening = CompletableFuture.failedStage(e);
      }
      opening.whenComplete((opened, failure) -> opened(lease, opened, failure));
    }

    private void opened(Pool.Lease lease, @Nullable Opened opened, @Nullable Throwable failure) {
      if (opened instanceof Channel channel) {
        connected(lease, channel);
        return;
      }
      Throwable cause = opened == null ? unwrapped(failure) : notOne(opened);
      if (!isOfMember(cause)) {
        lease.end();
        result.completeExceptionally(cause);
        return;
      }
      String reason = String.valueOf(cause.getMessage());
      lease.failed(reason);
      tried.put(lease.member(), reason);
      context.log().warning("pool " + name + ": member " + lease.member() + ": " + reason);
      next();
    }

    private void connected(Pool.Lease lease, Channel channel) {
      long session = context.log().session();
      lease.connected();
      pools.connected(session, pool, lease.member());
      context.log().notice("pool %s: member %s", name, lease.member());
      Channel counted =
          channel.onClose(
              () -> {
                pools.ended(session);
                lease.end();
              });
      if (!result.complete(counted)) {
        counted.close();
      }
    }

    private String noneAnswers() {
      StringBuilder text = new StringBuilder("POOL:").append(name);
      if (tried.isEmpty()) {
        return text.append(": no member may have sessions").toString();
      }
      text.append(": no member answers");
      tried.forEach(
          (member, reason) -> text.append("; ").append(member).append(": ").append(reason));
      return text.toString();
    }
  }

  private static Throwable unwrapped(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    return cause == null ? new IllegalStateException("no result") : cause;
  }

  private static OpenFailure notOne(Opened opened) {
    if (opened instanceof Listener listener) {
      listener.close();
    }
    return OpenFailure.lasting("is not one connection");
  }

  /** Whether another member may do better: what we lack ourselves we lack for each of them. */
  private static boolean isOfMember(Throwable cause) {
    return cause instanceof OpenFailure
        || (cause instanceof NativeError error && !Errno.isDescriptorLimit(error.errno()));
  }
}
