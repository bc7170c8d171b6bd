package dev.sluice.fleet.admin;

import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.util.ByteString;
import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.MemberEdit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Answers of the API, and what requests have in common. */
final class Answers {
  private Answers() {}

  /** A request that can't be answered as asked. */
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;

    Refused(int status, String message) {
      super(message, null, false, false);
      this.status = status;
    }
  }

  static HttpResponse failed(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    int status = cause instanceof Refused refused ? refused.status : 500;
    return json(status, Map.of("error", String.valueOf(cause.getMessage())));
  }

  static Predicate<String> globbed(String glob) {
    Pattern pattern =
        Pattern.compile(Pattern.quote(glob).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q"));
    return name -> pattern.matcher(name).matches();
  }

  static Optional<Long> number(Query query, String key) {
    Optional<String> text = query.get(key);
    if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
      throw new Refused(400, key + " is not a number");
    }
    return text.map(Long::valueOf);
  }

  static Duration duration(String text) {
    Duration duration = Durations.parse(text);
    if (duration == null) {
      throw new Refused(400, "\"" + text + "\" is not a time with its unit, such as 30s");
    }
    return duration;
  }

  static MemberEdit.Mode mode(String text) {
    for (MemberEdit.Mode mode : MemberEdit.Mode.values()) {
      if (mode.text().equals(text)) {
        return mode;
      }
    }
    throw new Refused(400, "state \"" + text + "\" is not ready, drain or disabled");
  }

  static HttpResponse json(int status, Object value) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            HttpEntities.create(
                ContentTypes.APPLICATION_JSON, ByteString.fromString(Json.of(value) + "\n")));
  }

  static HttpResponse text(int status, String text) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.TEXT_PLAIN_UTF8, ByteString.fromString(text)));
  }
}
