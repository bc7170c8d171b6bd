package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A real TCP server, a thread per connection. */
final class Server implements AutoCloseable {
  private static final int LOWEST_PORT = 12_000;
  private static final int PORTS = 20_000;
  private static final AtomicInteger NEXT_PORT = new AtomicInteger(new Random().nextInt(PORTS));

  /** Serves one connection, which is closed after it. */
  @FunctionalInterface
  interface Handler {
    void serve(Socket connection) throws IOException;
  }

  private final ServerSocket listener;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();

  private Server(ServerSocket listener, Handler handler) {
    this.listener = listener;
    Background.start("server " + listener, () -> acceptAll(handler));
  }

  /** Sends everything back as it comes, until end of file. */
  static Server echo() {
    return serving(Server::sendBack);
  }

  /** Reads to the end of file, then answers. */
  static Server answeringAfterEof(UnaryOperator<byte[]> answer) {
    return serving(
        connection -> {
          byte[] question = connection.getInputStream().readAllBytes();
          connection.getOutputStream().write(answer.apply(question));
        });
  }

  /** Accepts, and neither reads, writes nor closes until the client does. */
  static Server silent() {
    return serving(connection -> connection.getInputStream().readAllBytes());
  }

  /** Reads to the end of file, and holds its own side open until the test closes the server. */
  static Server holdingOpen() {
    return serving(
        connection -> {
          connection.getInputStream().readAllBytes();
          Await.until(connection::isClosed, () -> "the end of the test");
        });
  }

  static Server serving(Handler handler) {
    return serving(InetAddress.getLoopbackAddress(), 0, handler);
  }

  static Server serving(InetAddress address, int port, Handler handler) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(address, port), 512);
      return new Server(listener, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A port of the loopback interface that nobody listens on now, below those that the kernel gives
   * away by itself: nobody gets it by chance before the test does.
   */
  static int freePort() {
    while (true) {
      int port = LOWEST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      if (isFree(port)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (BindException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void sendBack(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    OutputStream out = connection.getOutputStream();
    in.transferTo(out);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The server as an address of the tool. */
  String address() {
    return "TCP:127.0.0.1:" + port();
  }

  private void acceptAll(Handler handler) {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        connections.add(connection);
        Background.start("connection " + connection, () -> serve(handler, connection));
      } catch (IOException e) {
        return; // closed by the test
      }
    }
  }

  private static void serve(Handler handler, Socket connection) {
    try (connection) {
      handler.serve(connection);
    } catch (IOException e) {
      // The relay's end of the connection is what the tests look at, and a reset is one of the
      // ends.
      System.Logger logger = System.getLogger(Server.class.getName());
      logger.log(System.Logger.Level.DEBUG, "connection ended", e);
    }
  }

  /** Takes no more connections; those it has go on. */
  void closeListener() throws IOException {
    listener.close();
  }

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
