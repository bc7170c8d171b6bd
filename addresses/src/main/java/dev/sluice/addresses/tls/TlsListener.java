package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.DialogueGreeting;
import dev.sluice.addresses.socket.FirstPacket;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.ForwardingListener;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.ThreadRoom;
import dev.sluice.log.RelayLog;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
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
   * Opens an address that speaks TLS.
   *
   * @param listen opens the listener whose peers are to be secured
   */
  public static CompletionStage<Listener> open(
      OpenContext context, Supplier<CompletionStage<Listener>> listen) {
    return open(context, false, tls -> listen.get());
  }

  /**
   * Opens an address that speaks DTLS.
   *
   * @param listen opens the listener; its peers must first show what they are asked for
   */
  public static CompletionStage<Listener> openDatagrams(
      OpenContext context, Function<FirstPacket, CompletionStage<Listener>> listen) {
    return open(context, true, tls -> listen.apply(new HelloCookies(tls, context.log())));
  }

  private static CompletionStage<Listener> open(
      OpenContext context,
      boolean datagram,
      Function<TlsContext, CompletionStage<Listener>> listen) {
    return context
        .preparing(
            () -> {
              TlsContext tls =
                  TlsContext.of(context.options(), context.log(), TlsContext.Role.SERVER, datagram);
              HandshakeThreads.started();
              if (context.attempt() == 0) {
                tls.announce();
              }
              return tls;
            })
        .thenCompose(
            tls -> listen.apply(tls).thenApply(open -> new TlsListener(open, tls, context)));
  }

  @Override
  public void start(Admission admission, Handler handler) {
    super.start(new ThreadRoom(admission, HandshakeThreads.started(), this::resume), handler);
  }

  @Override
  protected Channel setUp(Channel channel) {
    Endpoint endpoint = (Endpoint) channel; // its listener is one of sockets
    return TlsSession.announced(endpoint).greeting(new Handshake(tls, context));
  }

  /** The handshake with one peer. */
  private static final class Handshake extends DialogueGreeting {
    private final TlsContext tls;
    private final boolean isRead;

    Handshake(TlsContext tls, OpenContext context) {
      super(context, "SSL_accept()", HandshakeThreads.started());
      this.tls = tls;
      this.isRead = context.direction().reads();
    }

    @Override
    protected CompletionStage<Endpoint> speak(Endpoint endpoint, Dialogue dialogue, RelayLog log) {
      return new TlsSession(tls, null, log)
          .establish(endpoint, dialogue)
          .thenApply(secured -> isRead ? secured : secured.onlyWritten())
          .exceptionally(
              failure -> {
                Throwable cause = Dialogue.cause(failure);
                throw new CompletionException(
                    cause instanceof TlsSession.HandshakeFailure failed
                        ? OpenFailure.retryable(failed.getMessage())
                        : cause);
              });
    }
  }
}
