package dev.sluice.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** A TCP client on the loopback interface. Methods wait, and fail in the end. */
public final class TestClient implements AutoCloseable {
  private final Socket socket;

  private TestClient(Socket socket) {
    this.socket = socket;
  }

  public static TestClient connect(int port) {
    try {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout((int) RelayExtension.PATIENCE.toMillis());
      return new TestClient(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the peer sees as this client's address. */
  public SocketAddress localAddress() {
    return socket.getLocalSocketAddress();
  }

  public TestClient send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  public TestClient send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That many bytes; fewer at the end. */
  public String receive(int count) {
    try {
      return new String(socket.getInputStream().readNBytes(count), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything up to the end. */
  public String receiveAll() {
    return receive(Integer.MAX_VALUE);
  }

  /** Waits for the other side; whether it has ended the connection, by an end or a reset. */
  public boolean isEnded() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Sends no more, and can still receive. */
  public TestClient endOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the connection with a reset. */
  public void reset() {
    try {
      ResetAfter.now(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
