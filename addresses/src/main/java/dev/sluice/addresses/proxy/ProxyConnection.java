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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Connects to a proxy over TCP and has it agree to what the user wants. */
public final class ProxyConnection {
  /** What is said to the proxy; what it throws is the failure of the opening. */
  @FunctionalInterface
  public interface Request {
    void make(Dialogue dialogue);
  }

  private ProxyConnection() {}

  /**
   * Opens the address.
   *
   * @param role what log lines call the proxy
   * @param head what errors about the connection to it begin with
   */
  public static CompletionStage<Endpoint> open(
      OpenContext context, String role, String head, String host, String port, Request request) {
    return new StreamConnector(context, StreamKind.TCP_ANY.type(), StreamKind.TCP_ANY.protocol())
        .through(role, head)
        .connect(host, port, 0)
        .thenCompose(endpoint -> agree(context, endpoint, request));
  }

  private static CompletionStage<Endpoint> agree(
      OpenContext context, Endpoint endpoint, Request request) {
    CompletableFuture<Endpoint> result = new CompletableFuture<>();
    context
        .blockingIo()
        .execute(
            () -> {
              try (Dialogue dialogue = Dialogue.on(endpoint, context)) {
                request.make(dialogue);
                ProxyProtocol.introduce(context, endpoint);
                result.complete(endpoint);
              } catch (Dialogue.Broken e) {
                endpoint.close();
                result.completeExceptionally(
                    refused(
                        context,
                        context.address().type().descriptor().keyword() + ": " + e.getMessage()));
              } catch (NativeError e) {
                endpoint.close();
                result.completeExceptionally(refused(context, e.getMessage()));
              } catch (RuntimeException e) {
                endpoint.close();
                result.completeExceptionally(e);
              }
            });
    return result;
  }

  /** A refusal by the proxy: a warning, and less while another attempt follows. */
  public static OpenFailure refused(OpenContext context, String message) {
    context.log().write(context.lastAttempt() ? Severity.WARNING : Severity.NOTICE, message);
    return OpenFailure.reported(message);
  }
}
