package dev.sluice.cli.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A WebSocket client of the JDK, which is not Akka's: what it has received, and how it ended. */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer: the client calls its listener in turn
final class WebSocketPeer implements WebSocket.Listener {
  private volatile String received = "";
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final WebSocket socket;

  private WebSocketPeer(WebSocket.Builder builder, String uri) {
    socket = Await.result(builder.buildAsync(URI.create(uri), this));
  }

  static WebSocketPeer connect(String uri) {
    return connect(HttpClient.newHttpClient().newWebSocketBuilder(), uri);
  }

  static WebSocketPeer connect(WebSocket.Builder builder, String uri) {
    return new WebSocketPeer(builder, uri);
  }

  void send(String text) {
    Await.result(socket.sendBinary(ByteBuffer.wrap(bytes(text)), true).toCompletableFuture());
  }

  /** One message in two frames. */
  void send(String first, String second) {
    Await.result(socket.sendBinary(ByteBuffer.wrap(bytes(first)), false));
    Await.result(socket.sendBinary(ByteBuffer.wrap(bytes(second)), true));
  }

  void close() {
    Await.result(socket.sendClose(WebSocket.NORMAL_CLOSURE, ""));
  }

  String subprotocol() {
    return socket.getSubprotocol();
  }

  /** Everything until now, messages in brackets. */
  String received() {
    return received;
  }

  void await(String expected) {
    Await.until(() -> received().equals(expected), () -> expected + "; there is " + received);
  }

  /** The status code of the end. */
  int closeCode() {
    return Await.result(closed);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    received += StandardCharsets.ISO_8859_1.decode(data);
    return onPart(from, last);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    received += "text " + data;
    return onPart(from, last);
  }

  private CompletionStage<?> onPart(WebSocket from, boolean last) {
    if (last) {
      received += '|';
    }
    from.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    closed.complete(code);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket from, Throwable cause) {
    closed.completeExceptionally(cause);
  }
}
