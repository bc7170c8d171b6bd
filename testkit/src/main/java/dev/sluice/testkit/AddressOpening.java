package dev.sluice.testkit;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.catalog.Turn;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Poller;
import dev.sluice.spec.Problems;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Opens addresses as a relay does, without one.
 *
 * @param catalog the types there are
 * @param poller serves the descriptors
 * @param blockingIo runs what may block
 */
public record AddressOpening(Catalog catalog, Poller poller, Executor blockingIo) {
  private static final long PATIENCE_SECONDS = 10;

  /**
   * An open address and its peer.
   *
   * @param peer null when the scene has none
   */
  public record Met(Endpoint endpoint, @Nullable Peer peer) implements AutoCloseable {
    @Override
    public void close() {
      endpoint.close();
      if (peer != null) {
        peer.close();
      }
    }
  }

  /** Opens the address of a scene; a listener gives its first connection, and is closed. */
  public Met open(AddressFixture.Scene scene, Direction direction) throws Exception {
    Opened opened = open(scene.address(), direction);
    if (opened instanceof Endpoint endpoint) {
      return new Met(endpoint, meet(scene, ""));
    }
    Listener listener = (Listener) opened;
    try {
      CompletableFuture<Endpoint> first = new CompletableFuture<>();
      listener.start(new One(), new First(first));
      CompletableFuture<Endpoint> ready = first.thenCompose(AddressOpening::greeted);
      Peer peer = meet(scene, listener.localAddress());
      return new Met(await(ready), peer);
    } finally {
      listener.close();
    }
  }

  private static @Nullable Peer meet(AddressFixture.Scene scene, String localAddress)
      throws IOException {
    AddressFixture.Meeting meeting = scene.meeting();
    return meeting == null ? null : meeting.meet(localAddress);
  }

  /** Opens an address; an exception of its type is thrown as it is. */
  public Opened open(String text, Direction direction) throws Exception {
    Address address = read(text);
    return await(
        address
            .type()
            .open(
                new OpenContext(
                    address,
                    direction,
                    OpenSettings.DEFAULT,
                    RelayLog.ofProcess(),
                    poller,
                    blockingIo,
                    blockingIo,
                    System::getenv,
                    ProcessScope.NONE,
                    0,
                    true,
                    null,
                    Turn.NONE,
                    new CompletableFuture<>(),
                    OpenContext.Others.NONE))
            .toCompletableFuture());
  }

  private Address read(String text) {
    Problems problems = new Problems();
    AddressPair pair = catalog.read(text, true, problems);
    if (pair == null) {
      throw new AssertionError(text + ": " + problems);
    }
    return pair.first();
  }

  private static <T> T await(CompletableFuture<? extends T> stage) throws Exception {
    try {
      return stage.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new AssertionError("does not open", e);
    }
  }

  private static CompletionStage<Endpoint> greeted(Endpoint endpoint) {
    return endpoint.greet(RelayLog.ofProcess());
  }

  private static final class One implements Listener.Admission {
    private final AtomicBoolean taken = new AtomicBoolean();

    @Override
    public boolean tryEnter() {
      return taken.compareAndSet(false, true);
    }

    @Override
    public void accepted(int descriptor) {}

    @Override
    public void leave() {
      taken.set(false);
    }
  }

  private record First(CompletableFuture<Endpoint> endpoint) implements Listener.Handler {
    @Override
    public void connected(Channel connection, Runnable announcement) {
      endpoint.complete((Endpoint) connection);
    }

    @Override
    public void failed(Throwable cause) {
      endpoint.completeExceptionally(cause);
    }

    @Override
    public void timedOut() {
      endpoint.completeExceptionally(new TimeoutException());
    }
  }
}
