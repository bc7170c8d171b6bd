package dev.sluice.fleet.admin;

import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.HttpRequest;
import akka.stream.Materializer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** What comes with a request. */
final class Bodies {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Bodies() {}

  /** The text of a body of so many bytes at most; a larger one is refused with 413. */
  static CompletionStage<String> text(HttpRequest request, int most, ActorSystem<?> system) {
    if (request.entity().getContentLengthOption().orElse(0) > most) {
      request.discardEntityBytes(system);
      throw new Answers.Refused(413, "the body is larger than " + most / 1024 + " KiB");
    }
    return request
        .entity()
        .withSizeLimit(most)
        .toStrict(PATIENCE.toMillis(), most, Materializer.matFromSystem(system))
        .thenApply(strict -> strict.getData().utf8String());
  }
}
