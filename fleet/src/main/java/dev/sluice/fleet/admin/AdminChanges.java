package dev.sluice.fleet.admin;

import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.MemberEdit;
import dev.sluice.fleet.model.Problem;
import dev.sluice.fleet.run.FleetProtocol.Add;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.Do;
import dev.sluice.fleet.run.FleetProtocol.Done;
import dev.sluice.fleet.run.FleetProtocol.EditFaults;
import dev.sluice.fleet.run.FleetProtocol.EditMembers;
import dev.sluice.fleet.run.FleetProtocol.End;
import dev.sluice.fleet.run.FleetProtocol.Remove;
import dev.sluice.fleet.run.FleetProtocol.Verb;
import dev.sluice.fleet.run.FleetRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers POST, PUT and DELETE: what changes a fleet. Thread-safe. */
final class AdminChanges {
  /** How long the fleet's supervisor has for an answer. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  /** One relay; also asked for by GET. */
  static final Pattern RELAY = Pattern.compile("/v1/relays/([^/:]+)");

  private static final Pattern RELAYS = Pattern.compile("/v1/relays:(start|stop|drain|faults)");
  private static final Pattern POOL_SET = Pattern.compile("/v1/pools/([^/:]+):set");
  private static final Pattern SESSION = Pattern.compile("/v1/sessions/([^/:]+)/(\\d{1,18})");
  private static final int MOST_BODY = 64 * 1024;
  private static final int MOST_FILE = 4 * 1024 * 1024;

  private final FleetRunner runner;
  private final ClusterApi cluster;
  private final FleetReader reader;
  private final Executor blocking;
  private final FaultApi faults;

  AdminChanges(FleetRunner runner, ClusterApi cluster, FleetReader reader, Executor blocking) {
    this.runner = runner;
    this.cluster = cluster;
    this.reader = reader;
    this.blocking = blocking;
    this.faults =
        new FaultApi(runner, (names, edit) -> ask(replyTo -> new EditFaults(names, edit, replyTo)));
  }

  /** Whether a change of this path is one of day-to-day operation. */
  static boolean isOperating(String path) {
    return Stream.of(RELAYS, SESSION, POOL_SET).anyMatch(one -> one.matcher(path).matches());
  }

  /** The answer; null if there is no such method and path. */
  @Nullable CompletionStage<HttpResponse> answer(HttpRequest request, String path, Query query) {
    return switch (request.method().name()) {
      case "POST" -> post(path, query);
      case "PUT" -> put(request, path, query);
      case "DELETE" -> delete(path);
      default -> null;
    };
  }

  private @Nullable CompletionStage<HttpResponse> post(String path, Query query) {
    Matcher relays = RELAYS.matcher(path);
    Matcher members = POOL_SET.matcher(path);
    if (path.startsWith(ClusterApi.PATH)) {
      return cluster.change(path, query).orElse(null);
    } else if (members.matches()) {
      return editMembers(String.valueOf(members.group(1)), query);
    } else if (path.equals(FaultApi.PATH)) {
      return runner
          .status()
          .thenCompose(fleet -> faults.edit(StatusAnswers.names(fleet, query), query));
    } else if (relays.matches()) {
      Verb verb = Verb.valueOf(String.valueOf(relays.group(1)).toUpperCase(Locale.ROOT));
      return runner
          .status()
          .thenCompose(
              fleet -> ask(replyTo -> new Do(verb, StatusAnswers.names(fleet, query), replyTo)))
          .thenApply(AdminChanges::done);
    } else if (path.equals("/v1/apply")) {
      Optional<Duration> wait = query.get("wait").map(Answers::duration);
      return blocking(
              () ->
                  runner.reload(
                      Answers.number(query, "against"), wait, query.get("rollback").isPresent()))
          .thenApply(AdminChanges::planned);
    }
    return null;
  }

  private @Nullable CompletionStage<HttpResponse> put(
      HttpRequest request, String path, Query query) {
    Matcher relay = RELAY.matcher(path);
    if (relay.matches()) {
      return Bodies.text(request, MOST_BODY, runner.system())
          .thenCompose(text -> add(String.valueOf(relay.group(1)), text));
    } else if (path.equals("/v1/file")) {
      return Bodies.text(request, MOST_FILE, runner.system())
          .thenCompose(text -> blocking(() -> file(text, query)))
          .thenApply(AdminChanges::planned);
    }
    return null;
  }

  private @Nullable CompletionStage<HttpResponse> delete(String path) {
    Matcher relay = RELAY.matcher(path);
    Matcher session = SESSION.matcher(path);
    if (relay.matches()) {
      String name = String.valueOf(relay.group(1));
      return ask(replyTo -> new Remove(name, replyTo))
          .thenApply(
              done ->
                  doneOr(
                      done,
                      409,
                      "relay "
                          + name
                          + " was not added by hand: remove it from its file, or stop it"));
    } else if (session.matches()) {
      String name = String.valueOf(session.group(1));
      long number = Long.parseLong(String.valueOf(session.group(2)));
      return ask(replyTo -> new End(name, number, replyTo))
          .thenApply(done -> doneOr(done, 404, "relay " + name + " has no session " + number));
    }
    return null;
  }

  private CompletionStage<HttpResponse> editMembers(String pool, Query query) {
    Predicate<String> named = Answers.globbed(query.get("member").orElse(""));
    Optional<Integer> weight =
        query.get("weight").filter("file"::equals).isPresent()
            ? Optional.of(-1)
            : Answers.number(query, "weight").map(Long::intValue);
    Optional<MemberEdit.Mode> mode = query.get("state").map(Answers::mode);
    if (weight.isEmpty() && mode.isEmpty()) {
      throw new Answers.Refused(400, "needs a weight, a state, or both");
    } else if (weight.orElse(0) > 1000) {
      throw new Answers.Refused(400, "weight is more than 1000");
    }
    return ask(replyTo -> new EditMembers(pool, named, weight, mode, replyTo))
        .thenApply(
            done -> doneOr(done, 404, "pool " + pool + " has no member that is called that"));
  }

  private CompletionStage<HttpResponse> add(String name, String body) {
    return runner
        .running()
        .thenCompose(
            now -> {
              FleetReader.Result read = reader.readOne(name, body, now.fleet());
              Fleet one =
                  read.fleet().orElseThrow(() -> new Answers.Refused(400, joined(read.problems())));
              return ask(replyTo -> new Add(one.relays().values().iterator().next(), replyTo));
            })
        .thenApply(done -> doneOr(done, 409, "relay " + name + " is there already"));
  }

  /** Plans or applies another text of the file. */
  private CompletionStage<FleetRunner.Change> file(String text, Query query) {
    try {
      return query.get("plan").isPresent()
          ? runner.plan(text)
          : runner.replace(text, Answers.number(query, "against"));
    } catch (IOException e) {
      throw new Answers.Refused(409, String.valueOf(e.getMessage()));
    }
  }

  private static String joined(List<Problem> problems) {
    return String.join("\n", problems.stream().map(Object::toString).toList());
  }

  /** What was planned or applied. */
  static HttpResponse planned(FleetRunner.Change change) {
    int status =
        !change.problems().isEmpty()
            ? 400
            : change.plan().isEmpty() || change.rolledBack() ? 409 : 200;
    return Answers.json(status, Views.change(change));
  }

  private static HttpResponse done(Done done) {
    return Answers.json(done.names().isEmpty() ? 404 : 200, Map.of("done", done.names()));
  }

  /** As {@link #done}; refused with {@code status} and {@code reason} if nothing was done. */
  private static HttpResponse doneOr(Done done, int status, String reason) {
    if (done.names().isEmpty()) {
      throw new Answers.Refused(status, reason);
    }
    return done(done);
  }

  private CompletionStage<Done> ask(
      akka.japi.function.Function<akka.actor.typed.ActorRef<Done>, Command> message) {
    return AskPattern.ask(runner.supervisor(), message, PATIENCE, runner.system().scheduler());
  }

  private <T> CompletionStage<T> blocking(java.util.function.Supplier<CompletionStage<T>> work) {
    return CompletableFuture.supplyAsync(work, blocking).thenCompose(inner -> inner);
  }
}
