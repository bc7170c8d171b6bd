package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;

/** A server that is not there yet: its address is known, and refuses connections until it opens. */
public final class LateServer implements AutoCloseable {
  private final int port;
  private final Service service;
  private @Nullable TestServer server;

  public LateServer(Service service) {
    this.service = service;
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      port = probe.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it will be: {@code TCP:127.0.0.1:8080}. */
  public String address() {
    return "TCP:127.0.0.1:" + port;
  }

  /** Takes connections from now on. */
  public synchronized TestServer open() {
    if (server == null) {
      server = TestServer.serving(port, service);
    }
    return server;
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.close();
    }
  }
}
