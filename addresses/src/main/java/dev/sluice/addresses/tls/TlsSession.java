package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.log.RelayLog;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Makes a connected socket speak TLS: handshake, the check of the peer, what programs are told. */
final class TlsSession {
  private final TlsContext context;
  private final @Nullable String host;
  private final RelayLog log;

  /** A handshake that failed; the message says why. */
  static final class HandshakeFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HandshakeFailure(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /**
   * A session to be.
   *
   * @param host what a client connects to; null for a server
   */
  TlsSession(TlsContext context, @Nullable String host, RelayLog log) {
    this.context = context;
    this.host = host;
    this.log = log;
  }

  /**
   * Shakes hands; gives the endpoint with halves that encrypt. The stage fails with a {@link
   * HandshakeFailure} when the peers don't agree, with an {@link OpenFailure} when the peer is not
   * whom it should be.
   */
  CompletionStage<Endpoint> establish(Endpoint endpoint, Dialogue dialogue) {
    FdReader socket = endpoint.reader();
    boolean hasSpoken =
        context.role() == TlsContext.Role.CLIENT || (socket != null && socket.hasBuffered());
    CompletionStage<Boolean> first =
        hasSpoken ? CompletableFuture.completedStage(true) : dialogue.input();
    return first
        .thenCompose(
            isThere -> {
              if (!isThere && !context.isDatagram()) {
                throw new HandshakeFailure(call() + "(): unexpected eof while reading");
              }
              return shakeHands(endpoint, dialogue);
            })
        .exceptionally(
            failure -> {
              Throwable cause = Dialogue.cause(failure);
              throw new CompletionException(
                  cause instanceof Dialogue.Broken
                      ? new HandshakeFailure(call() + "(): " + cause.getMessage())
                      : cause);
            });
  }

  private String call() {
    return context.role() == TlsContext.Role.CLIENT ? "SSL_connect" : "SSL_accept";
  }

  private CompletionStage<Endpoint> shakeHands(Endpoint endpoint, Dialogue dialogue) {
    SSLEngine engine = context.engine(host);
    TlsChannel channel = new TlsChannel(engine, dialogue.fd(), context, log);
    FdReader socket = endpoint.reader();
    if (socket != null) {
      channel.takeFrom(socket);
    }
    return dialogue
        .go(
            () -> {
              try {
                return channel.handshake(dialogue);
              } catch (SSLException e) {
                channel.sendAlert();
                throw new HandshakeFailure(call() + "(): " + reason(e));
              }
            })
        .thenApply(done -> secured(endpoint, engine.getSession(), channel));
  }

  private Endpoint secured(Endpoint endpoint, SSLSession session, TlsChannel channel) {
    PeerCertificate peer = peer(session);
    try {
      check(peer);
    } catch (OpenFailure e) {
      channel.end();
      throw e;
    }
    String cipher = CipherList.openSslName(session.getCipherSuite());
    log.notice("SSL proto version used: %s", session.getProtocol());
    log.notice("SSL connection using %s", cipher);
    log.notice("SSL connection compression \"none\"");
    log.notice("SSL connection expansion \"none\"");
    Map<String, String> before = endpoint.environment();
    Endpoint secured =
        endpoint.environment(() -> facts(before, session.getProtocol(), cipher, peer));
    if (endpoint.reader() != null) {
      secured = secured.readBy(new TlsReader(channel));
    }
    if (endpoint.writer() != null) {
      secured = secured.writtenBy(new TlsWriter(channel));
    }
    return secured.beforeClose(
        () -> {
          if (!endpoint.isAborted()) {
            channel.part();
          }
        });
  }

  /** Marks an endpoint as one that will speak TLS. */
  static Endpoint announced(Endpoint endpoint) {
    return endpoint.processed().halfClose(HalfClose.FAREWELL);
  }

  private static String reason(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "certificate verify failed: " + cause.getMessage();
      }
    }
    return TlsAlert.renamed(String.valueOf(e.getMessage()));
  }

  private static @Nullable PeerCertificate peer(SSLSession session) {
    try {
      Certificate[] chain = session.getPeerCertificates();
      return chain.length > 0 && chain[0] instanceof X509Certificate certificate
          ? new PeerCertificate(certificate)
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  private void check(@Nullable PeerCertificate peer) {
    if (peer == null) {
      if (context.verifies()) {
        throw OpenFailure.retryable("no peer certificate");
      }
      log.notice("no peer certificate and no check");
      return;
    }
    if (!context.verifies()) {
      log.notice("option openssl-verify disabled, no check of certificate");
      return;
    }
    String name = context.wantedName(host);
    if (name == null) {
      peer.noteFirst();
      log.notice("trusting certificate, no check of commonName");
    } else if (peer.isFor(name, log)) {
      log.notice("trusting certificate, commonName matches");
    } else {
      throw OpenFailure.retryable(
          "certificate is valid but its commonName does not match hostname \"" + name + "\"");
    }
  }

  private static Map<String, String> facts(
      Map<String, String> before, String protocol, String cipher, @Nullable PeerCertificate peer) {
    Map<String, String> all = new LinkedHashMap<>(before);
    all.put("OPENSSL_PROTO_VERSION", protocol);
    all.put("OPENSSL_CIPHER", cipher);
    if (peer != null) {
      all.putAll(peer.facts());
    }
    return all;
  }
}
