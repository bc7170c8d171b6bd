package dev.sluice.cluster;

import akka.actor.ActorSystem;
import akka.remote.artery.tcp.SSLEngineProvider;
import akka.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import scala.Option;

/**
 * Akka's engines over PEM files, which ask both sides for certificates of the same authority with a
 * name in common; with a line in the log for each connection that is refused.
 */
public final class Certificates implements SSLEngineProvider {
  private static final SeldomLog LOG = new SeldomLog();

  private final RotatingKeysSSLEngineProvider engines;

  /** Made by Akka. */
  public Certificates(ActorSystem system) {
    this.engines = new RotatingKeysSSLEngineProvider(system);
  }

  @Override
  public SSLEngine createServerSSLEngine(String host, int port) {
    return new ReportingEngine(
        engines.createServerSSLEngine(host, port),
        reason -> LOG.warning("cluster: a connection to the cluster port is refused: " + reason));
  }

  @Override
  public SSLEngine createClientSSLEngine(String host, int port) {
    return engines.createClientSSLEngine(host, port);
  }

  @Override
  public Option<Throwable> verifyClientSession(String host, SSLSession session) {
    return reported(engines.verifyClientSession(host, session), "node " + host);
  }

  @Override
  public Option<Throwable> verifyServerSession(String host, SSLSession session) {
    return reported(engines.verifyServerSession(host, session), "a node that connects");
  }

  private static Option<Throwable> reported(Option<Throwable> failure, String peer) {
    if (failure.isDefined()) {
      LOG.warning("cluster: " + peer + " is refused: " + failure.get().getMessage());
    }
    return failure;
  }
}
