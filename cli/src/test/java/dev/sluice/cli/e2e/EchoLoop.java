package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/**
 * An echo server for thousands of connections with small messages, on one thread. Ends that came
 * before a connection are seen before it, so that its count of open ones is exact.
 */
final class EchoLoop implements AutoCloseable {
  private final Selector selector;
  private final ServerSocketChannel listener;
  private final ByteBuffer buffer = ByteBuffer.allocate(8192);
  private int open;
  private volatile int mostOpen;

  EchoLoop() throws IOException {
    selector = Selector.open();
    listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
    listener.configureBlocking(false);
    listener.register(selector, SelectionKey.OP_ACCEPT);
    Background.start("echo loop", this::loop);
  }

  int port() {
    return listener.socket().getLocalPort();
  }

  /** The largest number of connections that were open at once. */
  int mostOpen() {
    return mostOpen;
  }

  private void loop() {
    try {
      while (selector.isOpen()) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid() && key.isReadable()) {
            echo(key, (SocketChannel) key.channel());
          }
        }
        accept();
        selector.selectedKeys().clear();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ClosedSelectorException e) {
      return; // closed by the test
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
  private void accept() throws IOException {
    SocketChannel accepted = listener.accept();
    if (accepted != null) {
      accepted.configureBlocking(false);
      accepted.register(selector, SelectionKey.OP_READ);
      open++;
      mostOpen = Math.max(mostOpen, open);
    }
  }

  private void end(SocketChannel connection) throws IOException {
    connection.close();
    open--;
  }

  private void echo(SelectionKey key, SocketChannel connection) throws IOException {
    buffer.clear();
    try {
      if (connection.read(buffer) < 0) {
        end(connection);
        return;
      }
      connection.write(buffer.flip());
    } catch (IOException e) {
      key.cancel(); // reset by the relay
      end(connection);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
