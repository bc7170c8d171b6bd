package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.ForwardingListener;
import dev.sluice.endpoint.Greeting;
import dev.sluice.endpoint.Listener;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A listener whose peers must shake hands first, each in the session that serves it. */
public final class TlsListener extends ForwardingListener {
  private final TlsContext tls;
  private final OpenContext context;

  private TlsListener(Listener listener, TlsContext tls, OpenContext context) {
    super(listener);
    this.tls = tls;
    this.context = context;
  }

  /**
   * Opens an address.
   *
   * @param datagram DTLS rather than TLS
   * @param listen opens the listener whose peers are to be secured
   */
  public static CompletionStage<Listener> open(
      OpenContext context, boolean datagram, Supplier<CompletionStage<Listener>> listen) {
    return context
        .preparing(
            () -> {
              TlsContext tls =
                  TlsContext.of(context.options(), context.log(), TlsContext.Role.SERVER, datagram);
              if (context.attempt() == 0) {
                tls.announce();
              }
              return tls;
            })
        .thenCompose(tls -> listen.get().thenApply(open -> new TlsListener(open, tls, context)));
  }

  @Override
  protected void setUp(Endpoint endpoint) {
    TlsSession.announced(endpoint).greeting(new Handshake(endpoint, tls, context));
  }

  /** The handshake with one peer, on a thread that may block. */
  private static final class Handshake implements Greeting {
    private final Endpoint endpoint;
    private final TlsContext tls;
    private final OpenContext context;
    private volatile boolean cancelled;

    Handshake(Endpoint endpoint, TlsContext tls, OpenContext context) {
      this.endpoint = endpoint;
      this.tls = tls;
      this.context = context;
    }

    @Override
    public CompletionStage<?> start(RelayLog log) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      context.blockingIo().execute(() -> shakeHands(log, done));
      return done;
    }

    private void shakeHands(RelayLog log, CompletableFuture<Void> done) {
      try (Dialogue dialogue =
          new Dialogue(
              Dialogue.fdOf(endpoint), Dialogue.limit(context.options()), () -> cancelled)) {
        new TlsSession(tls, null, log).establish(endpoint, dialogue);
        done.complete(null);
      } catch (TlsSession.HandshakeFailure e) {
        done.completeExceptionally(OpenFailure.retryable(e.getMessage()));
      } catch (NativeError e) {
        done.completeExceptionally(OpenFailure.retryable("SSL_accept(): " + e.getMessage()));
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
