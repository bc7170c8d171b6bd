package dev.sluice.cli.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A TCP client of a relay that listens on the loopback interface. */
final class Client implements AutoCloseable {
  private final Socket socket;

  Client(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Await.LIMIT.toMillis());
  }

  /** Connects, sends all, closes its sending side, and returns all that comes back. */
  static byte[] exchange(int port, byte[] question) throws IOException {
    try (Client client = new Client(port)) {
      CompletableFuture<Boolean> sent =
          Background.call(
              "client",
              () -> {
                client.socket.getOutputStream().write(question);
                client.socket.shutdownOutput();
                return true;
              });
      byte[] answer = client.socket.getInputStream().readAllBytes();
      Await.result(sent);
      return answer;
    }
  }

  static String exchange(int port, String question) throws IOException {
    return new String(
        exchange(port, question.getBytes(StandardCharsets.ISO_8859_1)),
        StandardCharsets.ISO_8859_1);
  }

  int localPort() {
    return socket.getLocalPort();
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads one line, newline included; less at end of file. */
  String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
      line.append((char) c);
      if (c == '\n') {
        break;
      }
    }
    return line.toString();
  }

  boolean hasInput() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Ends the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
