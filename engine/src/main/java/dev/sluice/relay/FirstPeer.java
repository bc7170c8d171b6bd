package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Listener;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Takes one peer of a listener, and closes it: what an address without option fork does. */
record FirstPeer(Listener listener, CompletableFuture<Channel> first) implements Listener.Handler {
  /** The peer, which has not been greeted yet; given up as soon as {@code abandoned} is done. */
  static CompletionStage<Channel> of(Listener listener, CompletableFuture<Void> abandoned) {
    CompletableFuture<Channel> first = new CompletableFuture<>();
    listener.start(new OnePeer(), new FirstPeer(listener, first));
    CompletableFuture.anyOf(first, abandoned)
        .whenComplete(
            (peer, failure) -> {
              if (first.completeExceptionally(new CancellationException())) {
                listener.close();
              }
            });
    return first;
  }

  @Override
  public void connected(Channel channel, Runnable announcement) {
    announcement.run();
    listener.close();
    if (!first.complete(channel)) {
      channel.close();
    }
  }

  @Override
  public void failed(Throwable cause) {
    listener.close();
    first.completeExceptionally(cause);
  }

  @Override
  public void timedOut() {
    listener.close();
    first.completeExceptionally(new AcceptTimeout());
  }

  /** Lets one peer in; a refused one leaves its place to the next. */
  private static final class OnePeer implements Listener.Admission {
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
}
