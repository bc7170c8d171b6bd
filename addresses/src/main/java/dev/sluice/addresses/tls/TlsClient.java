package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.ProxyProtocol;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Connects to a server and shakes hands with it. */
public final class TlsClient {
  private TlsClient() {}

  /**
   * Opens an address.
   *
   * @param datagram DTLS rather than TLS
   * @param connect makes the connection that is to be secured
   */
  public static CompletionStage<Endpoint> open(
      OpenContext context, boolean datagram, Supplier<CompletionStage<Endpoint>> connect) {
    String host = context.parameter(0);
    RelayLog log = context.log();
    if (host.isEmpty()) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting(context.address().spec().keyword() + ": empty host name"));
    }
    return context
        .preparing(
            () -> {
              TlsContext tls =
                  TlsContext.of(context.options(), log, TlsContext.Role.CLIENT, datagram);
              if (context.attempt() == 0) {
                tls.announce();
                log.notice("opening OpenSSL connection to %s:%s", host, context.parameter(1));
              }
              return tls;
            })
        .thenCompose(
            tls -> connect.get().thenCompose(endpoint -> secured(context, tls, host, endpoint)));
  }

  private static CompletionStage<Endpoint> secured(
      OpenContext context, TlsContext tls, String host, Endpoint endpoint) {
    RelayLog log = context.log();
    return Dialogue.on(endpoint, context, HandshakeThreads.started())
        .hold(
            open -> {
              ProxyProtocol.introduce(context, endpoint); // who it is comes before any secret
              return new TlsSession(tls, host, log)
                  .establish(TlsSession.announced(endpoint), open)
                  .thenApply(
                      secured -> {
                        log.notice(
                            "successfully connected to SSL server %s:%s",
                            host, context.parameter(1));
                        return secured;
                      });
            })
        .exceptionally(
            failure -> {
              endpoint.close();
              throw new CompletionException(reported(context, Dialogue.cause(failure)));
            });
  }

  /** The failure of the opening; what went wrong with the server is a warning at most. */
  private static Throwable reported(OpenContext context, Throwable cause) {
    String message =
        cause instanceof TlsSession.HandshakeFailure
            ? cause.getMessage()
            : cause instanceof NativeError ? "SSL_connect(): " + cause.getMessage() : null;
    if (message == null) {
      return cause;
    }
    context.log().write(context.lastAttempt() ? Severity.WARNING : Severity.NOTICE, message);
    return OpenFailure.reported(message);
  }
}
