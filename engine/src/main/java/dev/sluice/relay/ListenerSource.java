package dev.sluice.relay;

import akka.Done;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a listening address as a source: one element for each that is accepted, and nobody
 * is accepted who was not asked for.
 *
 * <p>Materialises the local address once it listens. Completes after the accept timeout; when it
 * ends the address is closed, and so are endpoints that were not handed out.
 */
final class ListenerSource
    extends AbstractGraphStageWithMaterializedValue<SourceShape<Channel>, CompletionStage<String>> {
  private final Outlet<Channel> out = Outlet.create("ListenerSource.out");
  private final SourceShape<Channel> shape = SourceShape.of(out);
  private final Supplier<CompletionStage<Opened>> opening;
  private final RelayLog log;

  /** A source that opens its address by {@code opening} when it is materialised. */
  ListenerSource(Supplier<CompletionStage<Opened>> opening, RelayLog log) {
    this.opening = opening;
    this.log = log;
  }

  @Override
  public SourceShape<Channel> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<String>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    CompletableFuture<String> bound = new CompletableFuture<>();
    return new Pair<>(new Logic(bound), bound);
  }

  private final class Logic extends GraphStageLogic
      implements Listener.Handler, Listener.Admission {
    private final CompletableFuture<String> bound;
    private final AtomicInteger asked = new AtomicInteger();
    private final Set<Opened> untaken = Collections.newSetFromMap(new IdentityHashMap<>());
    private final AsyncCallback<Opened> opened = createAsyncCallback(this::onOpened);
    private final AsyncCallback<Arrival> arrived = createAsyncCallback(this::onArrival);
    private final AsyncCallback<Channel> refused = createAsyncCallback(this::onRefusal);
    private final AsyncCallback<Throwable> broken = createAsyncCallback(this::onFailure);
    private final AsyncCallback<Done> silent = createAsyncCallback(done -> completeStage());
    private @Nullable Listener listener;
    private boolean stopped;

    Logic(CompletableFuture<String> bound) {
      super(shape);
      this.bound = bound;
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              asked.incrementAndGet();
              if (listener != null) {
                listener.resume();
              }
            }
          });
    }

    @Override
    public void preStart() {
      opening
          .get()
          .whenComplete(
              (address, failure) -> {
                if (address == null) {
                  broken.invoke(AddressOpener.unwrap(failure));
                } else if (keep(address)) {
                  opened.invoke(address);
                }
              });
    }

    /** A peer as it was accepted, and as it is after its greeting. */
    private record Arrival(Channel accepted, Channel greeted) {}

    /** Keeps what the stage has not taken yet, so that it is closed with it. */
    private synchronized boolean keep(Opened address) {
      if (stopped) {
        AddressOpener.discard(address);
      } else {
        untaken.add(address);
      }
      return !stopped;
    }

    private synchronized void take(Opened address) {
      untaken.remove(address);
    }

    private void onOpened(Opened address) {
      take(address);
      if (address instanceof Listener opened) {
        listener = opened;
        bound.complete(opened.localAddress());
        opened.start(this, this);
      } else {
        AddressOpener.discard(address);
        onFailure(OpenFailure.lasting("not a listening address with option fork"));
      }
    }

    private void onArrival(Arrival arrival) {
      take(arrival.accepted());
      push(out, arrival.greeted());
    }

    /** Whoever was asked for has not come: another one may. */
    private void onRefusal(Channel channel) {
      take(channel);
      asked.incrementAndGet();
      if (listener != null) {
        listener.resume();
      }
    }

    private void onFailure(Throwable cause) {
      bound.completeExceptionally(cause);
      failStage(cause);
    }

    @Override
    public void postStop() {
      synchronized (this) {
        stopped = true;
        untaken.forEach(AddressOpener::discard);
        untaken.clear();
      }
      bound.completeExceptionally(new CancellationException());
      if (listener != null) {
        listener.close();
      }
    }

    // --- on the poller's thread

    @Override
    public void connected(Channel channel, Runnable announcement) {
      announcement.run();
      if (keep(channel)) {
        channel
            .greet(log)
            .whenComplete(
                (greeted, failure) -> {
                  if (failure == null) {
                    arrived.invoke(new Arrival(channel, greeted));
                  } else {
                    OpenReport.log(log, AddressOpener.unwrap(failure), false);
                    refused.invoke(channel);
                  }
                });
      }
    }

    @Override
    public void failed(Throwable cause) {
      broken.invoke(cause);
    }

    @Override
    public void timedOut() {
      silent.invoke(Done.getInstance());
    }

    @Override
    public boolean tryEnter() {
      return asked.getAndUpdate(n -> n == 0 ? 0 : n - 1) > 0;
    }

    @Override
    public void accepted(int descriptor) {}

    @Override
    public void leave() {
      asked.incrementAndGet();
    }
  }
}
