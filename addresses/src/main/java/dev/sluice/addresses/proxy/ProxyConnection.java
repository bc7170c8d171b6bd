package dev.sluice.addresses.proxy;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.ProxyProtocol;
import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.Severity;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Connects to a proxy over TCP and has it agree to what the user wants. */
public final class ProxyConnection {
  /** What is said to the proxy; what it fails with is the failure of the opening. */
  @FunctionalInterface
  public interface Request {
    CompletionStage<?> make(Dialogue dialogue);
  }

  private ProxyConnection() {}

  /**
   * Opens the address.
   *
   * @param role what log lines call the proxy
   * @param head what errors about the connection to it begin with
   * @param connected what the log says once the proxy has agreed
   */
  public static CompletionStage<Endpoint> open(
      OpenContext context,
      String role,
      String head,
      String host,
      String port,
      Request request,
      String connected) {
    return new StreamConnector(context, StreamKind.TCP_ANY.type(), StreamKind.TCP_ANY.protocol())
        .through(role, head)
        .connect(host, port, 0)
        .thenCompose(endpoint -> agree(context, endpoint, request, connected));
  }

  private static CompletionStage<Endpoint> agree(
      OpenContext context, Endpoint endpoint, Request request, String connected) {
    return Dialogue.on(endpoint, context, context.poller()::execute)
        .hold(
            dialogue ->
                request
                    .make(dialogue)
                    .thenApply(
                        done -> {
                          context.log().notice("%s", connected);
                          ProxyProtocol.introduce(context, endpoint);
                          return endpoint;
                        }))
        .exceptionally(
            failure -> {
              endpoint.close();
              throw new CompletionException(told(context, Dialogue.cause(failure)));
            });
  }

  private static Throwable told(OpenContext context, Throwable cause) {
    if (cause instanceof Dialogue.Broken) {
      String keyword = context.address().type().descriptor().keyword();
      return refused(context, keyword + ": " + cause.getMessage());
    }
    return cause instanceof NativeError error ? refused(context, error.getMessage()) : cause;
  }

  /**
   * A request whose answer may be the end of the connection, which then says who the peer is not.
   *
   * @param end what the request fails with then
   */
  static <T> CompletionStage<T> endingAs(CompletionStage<T> answer, Supplier<OpenFailure> end) {
    return answer.exceptionally(
        failure -> {
          Throwable cause = Dialogue.cause(failure);
          throw new CompletionException(
              cause instanceof Dialogue.Broken broken && broken.isEnd() ? end.get() : cause);
        });
  }

  /** A refusal by the proxy: a warning, and less while another attempt follows. */
  public static OpenFailure refused(OpenContext context, String message) {
    context.log().write(context.lastAttempt() ? Severity.WARNING : Severity.NOTICE, message);
    return OpenFailure.reported(message);
  }
}
