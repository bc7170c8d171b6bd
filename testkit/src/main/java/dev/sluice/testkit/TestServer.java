package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A real TCP server on the loopback interface, for a relay to connect to. Thread-safe. */
public final class TestServer implements AutoCloseable {
  private static final int BACKLOG = 512;

  private final ServerSocket listener;
  private final Service service;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  private TestServer(ServerSocket listener, Service service) {
    this.listener = listener;
    this.service = service;
  }

  /** A server on a port of its own choice. */
  public static TestServer serving(Service service) {
    return serving(0, service);
  }

  /** A server on a given port. */
  public static TestServer serving(int port, Service service) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      TestServer server = new TestServer(listener, service);
      start("test server " + listener.getLocalPort(), server::acceptAll);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** The server as an address of a relay: {@code TCP:127.0.0.1:8080}. */
  public String address() {
    return "TCP:127.0.0.1:" + port();
  }

  /** Connections that were ever taken. */
  public int accepted() {
    return accepted.get();
  }

  /** The largest number of connections that were served at once. */
  public int mostOpen() {
    return mostOpen.get();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        accepted.incrementAndGet();
        connections.add(connection);
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        start("test connection " + connection.getPort(), () -> serve(connection));
      } catch (IOException e) {
        return; // closed by the test
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      service.serve(connection);
    } catch (IOException e) {
      // A connection that breaks is one of the ends that tests ask for.
      System.getLogger(TestServer.class.getName())
          .log(System.Logger.Level.DEBUG, "connection ended", e);
    } finally {
      open.decrementAndGet();
      connections.remove(connection);
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Listens no more, and breaks what is open. */
  @Override
  public void close() {
    try {
      listener.close();
      for (Socket connection : connections) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
