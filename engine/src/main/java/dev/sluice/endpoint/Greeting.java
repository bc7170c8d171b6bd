package dev.sluice.endpoint;

import dev.sluice.log.RelayLog;
import java.util.concurrent.CompletionStage;

/**
 * What an endpoint has to agree on with its peer before data can flow, such as a TLS handshake. It
 * runs in the endpoint's own session, so a silent peer delays no other.
 */
public interface Greeting {
  /**
   * Starts it; must not block. The stage gives the endpoint as it is used from then on, and fails
   * as the opening of an address does.
   *
   * @param log speaks in the session's name
   */
  CompletionStage<Endpoint> start(Endpoint endpoint, RelayLog log);

  /** This one, and then another. */
  default Greeting then(Greeting next) {
    Greeting first = this;
    return new Greeting() {
      @Override
      public CompletionStage<Endpoint> start(Endpoint endpoint, RelayLog log) {
        return first.start(endpoint, log).thenCompose(agreed -> next.start(agreed, log));
      }

      @Override
      public void cancel() {
        first.cancel();
        next.cancel();
      }
    };
  }

  /** Nobody wants the result any more: the stage is to complete soon. Any thread. */
  void cancel();
}
