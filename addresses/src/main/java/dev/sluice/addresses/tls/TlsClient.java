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
            tls ->
                connect
                    .get()
                    .thenCompose(
                        endpoint ->
                            context.preparing(() -> secured(context, tls, host, endpoint))));
  }

  private static Endpoint secured(
      OpenContext context, TlsContext tls, String host, Endpoint endpoint) {
    RelayLog log = context.log();
    try (Dialogue dialogue = Dialogue.on(endpoint, context)) {
      ProxyProtocol.introduce(context, endpoint); // who it is comes before any secret
      new TlsSession(tls, host, log).establish(TlsSession.announced(endpoint), dialogue);
      log.notice("successfully connected to SSL server %s:%s", host, context.parameter(1));
      return endpoint;
    } catch (TlsSession.HandshakeFailure e) {
      endpoint.close();
      Severity severity = context.lastAttempt() ? Severity.WARNING : Severity.NOTICE;
      log.write(severity, e.getMessage());
      throw OpenFailure.reported(e.getMessage());
    } catch (NativeError e) {
      endpoint.close();
      log.write(
          context.lastAttempt() ? Severity.WARNING : Severity.NOTICE,
          "SSL_connect(): " + e.getMessage());
      throw OpenFailure.reported(e.getMessage());
    } catch (RuntimeException e) {
      endpoint.close();
      throw e;
    }
  }
}
