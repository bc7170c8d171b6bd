package dev.sluice.fleet.admin;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.Query;
import akka.http.javadsl.model.headers.RawHeader;
import akka.stream.Materializer;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.fleet.file.Export;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.Json;
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
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.Remove;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.fleet.run.FleetProtocol.Verb;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.os.PeerCredentials;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers requests to a fleet; docs/fleet.md has the list. Thread-safe. */
final class AdminApi {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final int MOST_BODY = 64 * 1024;
  private static final int MOST_FILE = 4 * 1024 * 1024;

  private static final Pattern RELAYS = Pattern.compile("/v1/relays:(start|stop|drain|faults)");
  private static final Pattern RELAY = Pattern.compile("/v1/relays/([^/:]+)");

  /** What needs no access where metrics are served. */
  private static final Set<String> OPEN = Set.of("/metrics", "/livez", "/readyz");

  private static final Pattern POOL = Pattern.compile("/v1/pools/([^/:]+)");
  private static final Pattern POOL_SET = Pattern.compile("/v1/pools/([^/:]+):set");
  private static final Pattern SESSION = Pattern.compile("/v1/sessions/([^/:]+)/(\\d{1,18})");

  private final FleetRunner runner;
  private final ClusterApi cluster;
  private final FaultApi faults;
  private final StatusAnswers status;
  private final ActorSystem<?> system;
  private final FleetReader reader;
  private final EventLog events;
  private final Access others;
  private final Live live;
  private final Pages pages = new Pages();
  private final Executor blocking;
  private final int ownUser;

  AdminApi(
      FleetRunner runner,
      FleetReader reader,
      EventLog events,
      Live live,
      Access others,
      int ownUser) {
    this.runner = runner;
    this.cluster = new ClusterApi(runner);
    this.status = new StatusAnswers(runner);
    this.faults =
        new FaultApi(runner, (names, edit) -> ask(replyTo -> new EditFaults(names, edit, replyTo)));
    this.system = runner.system();
    this.reader = reader;
    this.events = events;
    this.others = others;
    this.live = live;
    this.ownUser = ownUser;
    this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
  }

  /** Answers; what goes wrong is an answer as well. */
  CompletionStage<HttpResponse> answer(HttpRequest request, Optional<PeerCredentials> peer) {
    return answer(request, access(peer));
  }

  /** Answers one who came over TCP. */
  CompletionStage<HttpResponse> answer(HttpRequest request, RemoteAccess remote) {
    Optional<Answers.Refused> refusal = remote.refusal(request);
    String path = request.getUri().path();
    boolean reads = request.method().equals(HttpMethods.GET);
    if (refusal.isPresent()) {
      return refused(request, Answers.failed(refusal.get()));
    } else if (reads && Pages.isOpen(path)) {
      return answer(request, Access.READ);
    } else if (request.method().equals(HttpMethods.POST) && path.equals("/login")) {
      return body(request, MOST_BODY).thenApply(remote::login);
    } else if (request.method().equals(HttpMethods.POST) && path.equals("/logout")) {
      return refused(request, RemoteAccess.logout());
    }
    Access access = remote.access(request);
    if (access != Access.NONE) {
      return answer(request, access);
    } else if (reads && path.equals("/")) {
      return refused(request, RemoteAccess.redirect("/login"));
    }
    return refused(
        request,
        Answers.failed(new Answers.Refused(401, "needs Authorization: Bearer, and the token"))
            .addHeader(RawHeader.create("WWW-Authenticate", "Bearer")));
  }

  private CompletionStage<HttpResponse> refused(HttpRequest request, HttpResponse answer) {
    request.discardEntityBytes(system);
    return CompletableFuture.completedStage(answer);
  }

  /** The text of a body of so many bytes at most. */
  private CompletionStage<String> body(HttpRequest request, int most) {
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

  /** Answers anybody, with metrics and health alone. */
  CompletionStage<HttpResponse> answerMetrics(HttpRequest request) {
    if (!request.method().equals(HttpMethods.GET) || !OPEN.contains(request.getUri().path())) {
      request.discardEntityBytes(system);
      return CompletableFuture.completedStage(
          Answers.json(
              404, Map.of("error", "there are metrics and health here, and nothing else")));
    }
    return answer(request, Access.READ);
  }

  private CompletionStage<HttpResponse> answer(HttpRequest request, Access access) {
    CompletionStage<HttpResponse> answer;
    try {
      answer = route(request, access);
    } catch (RuntimeException e) {
      answer = CompletableFuture.failedStage(e);
    }
    CompletionStage<HttpResponse> all = answer.exceptionally(Answers::failed);
    return request.method().equals(HttpMethods.GET)
        ? all
        : all.thenCompose(done -> runner.kept().thenApply(kept -> done));
  }

  private Access access(Optional<PeerCredentials> peer) {
    return peer.filter(who -> who.user() == 0 || who.user() == ownUser).isPresent()
        ? Access.ADMIN
        : others;
  }

  private CompletionStage<HttpResponse> route(HttpRequest request, Access access) {
    String path = request.getUri().path();
    Query query = request.getUri().query();
    boolean reads = request.method().equals(HttpMethods.GET);
    Access needed =
        reads && !path.equals("/v1/file")
            ? Access.READ
            : Stream.of(RELAYS, SESSION, POOL_SET).anyMatch(one -> one.matcher(path).matches())
                ? Access.OPERATE
                : Access.ADMIN;
    if (!access.covers(needed)) {
      request.discardEntityBytes(system);
      throw new Answers.Refused(403, "this user may not do that");
    }
    if (!request.method().equals(HttpMethods.PUT)) {
      request.discardEntityBytes(system);
    }
    boolean isOpen =
        request.getHeader("accept").stream()
            .anyMatch(header -> header.value().contains("application/openmetrics-text"));
    CompletionStage<HttpResponse> answer =
        reads ? get(path, query, isOpen, access) : change(request, path, query);
    if (answer == null) {
      request.discardEntityBytes(system);
      throw new Answers.Refused(404, "there is no " + request.method().name() + " " + path);
    }
    return answer;
  }

  private @Nullable CompletionStage<HttpResponse> get(
      String path, Query query, boolean isOpen, Access access) {
    if (Pages.has(path)) {
      return CompletableFuture.completedStage(pages.get(path));
    }
    Matcher relay = RELAY.matcher(path);
    Matcher pool = POOL.matcher(path);
    if (pool.matches()) {
      return runner
          .status()
          .thenApply(fleet -> StatusAnswers.pool(fleet, String.valueOf(pool.group(1))));
    }
    return switch (path) {
      case "/livez" -> CompletableFuture.completedStage(Answers.text(200, "ok\n"));
      case "/readyz" -> runner.status().thenApply(StatusAnswers::readiness);
      case "/metrics" -> runner.status().thenApply(fleet -> status.metrics(fleet, query, isOpen));
      case "/v1/relays" -> runner.status().thenApply(fleet -> status.relays(fleet, query));
      case "/v1/pools" ->
          runner
              .status()
              .thenApply(
                  fleet ->
                      Answers.json(
                          200,
                          Map.of("pools", fleet.pools().stream().map(PoolViews::of).toList())));
      case ClusterApi.PATH -> cluster.view();
      case "/v1/sessions" -> sessions(query);
      case "/v1/plan" -> blocking(runner::plan).thenApply(AdminApi::change);
      case "/v1/export" ->
          runner.running().thenApply(now -> Answers.text(200, Export.hocon(now.fleet())));
      case "/v1/log" -> CompletableFuture.completedStage(log(query));
      case "/v1/events" -> CompletableFuture.completedStage(follow(query));
      case "/v1/live" -> CompletableFuture.completedStage(live.follow(query, access));
      case "/v1/history" -> CompletableFuture.completedStage(live.history(query));
      case "/v1/file" -> CompletableFuture.supplyAsync(() -> Answers.text(200, text()), blocking);
      default ->
          relay.matches()
              ? runner
                  .status()
                  .thenApply(fleet -> status.relay(fleet, String.valueOf(relay.group(1))))
              : null;
    };
  }

  private @Nullable CompletionStage<HttpResponse> change(
      HttpRequest request, String path, Query query) {
    String method = request.method().name();
    Matcher relays = RELAYS.matcher(path);
    Matcher relay = RELAY.matcher(path);
    Matcher session = SESSION.matcher(path);
    Matcher members = POOL_SET.matcher(path);
    if (method.equals("POST") && path.startsWith(ClusterApi.PATH)) {
      return cluster.change(path, query).orElse(null);
    }
    if (method.equals("POST") && members.matches()) {
      return editMembers(String.valueOf(members.group(1)), query);
    }
    if (method.equals("POST") && path.equals(FaultApi.PATH)) {
      return runner
          .status()
          .thenCompose(fleet -> faults.edit(StatusAnswers.names(fleet, query), query));
    }
    if (method.equals("POST") && relays.matches()) {
      Verb verb = Verb.valueOf(String.valueOf(relays.group(1)).toUpperCase(Locale.ROOT));
      return runner
          .status()
          .thenCompose(
              fleet -> ask(replyTo -> new Do(verb, StatusAnswers.names(fleet, query), replyTo)))
          .thenApply(AdminApi::done);
    } else if (method.equals("POST") && path.equals("/v1/apply")) {
      Optional<Duration> wait = query.get("wait").map(Answers::duration);
      return blocking(
              () ->
                  runner.reload(
                      Answers.number(query, "against"), wait, query.get("rollback").isPresent()))
          .thenApply(AdminApi::change);
    } else if (method.equals("PUT") && relay.matches()) {
      return body(request, MOST_BODY)
          .thenCompose(text -> add(String.valueOf(relay.group(1)), text));
    } else if (method.equals("PUT") && path.equals("/v1/file")) {
      return body(request, MOST_FILE)
          .thenCompose(text -> blocking(() -> file(text, query)))
          .thenApply(AdminApi::change);
    } else if (method.equals("DELETE") && relay.matches()) {
      String name = String.valueOf(relay.group(1));
      return ask(replyTo -> new Remove(name, replyTo))
          .thenApply(
              done -> {
                if (done.names().isEmpty()) {
                  throw new Answers.Refused(
                      409,
                      "relay "
                          + name
                          + " was not added by hand: remove it from its file, or stop it");
                }
                return done(done);
              });
    } else if (method.equals("DELETE") && session.matches()) {
      String name = String.valueOf(session.group(1));
      long number = Long.parseLong(String.valueOf(session.group(2)));
      return ask(replyTo -> new End(name, number, replyTo))
          .thenApply(
              done -> {
                if (done.names().isEmpty()) {
                  throw new Answers.Refused(404, "relay " + name + " has no session " + number);
                }
                return done(done);
              });
    }
    return null;
  }

  // --- answers

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
            done -> {
              if (done.names().isEmpty()) {
                throw new Answers.Refused(
                    404, "pool " + pool + " has no member that is called that");
              }
              return done(done);
            });
  }

  private CompletionStage<HttpResponse> sessions(Query query) {
    return runner
        .status()
        .thenCompose(
            fleet ->
                AskPattern.<Command, Sessions>ask(
                    runner.supervisor(),
                    replyTo -> new GetSessions(StatusAnswers.names(fleet, query), replyTo),
                    PATIENCE,
                    system.scheduler()))
        .thenApply(
            some -> {
              List<Object> all = new ArrayList<>();
              some.byRelay()
                  .forEach(
                      (name, sessions) ->
                          sessions.forEach(one -> all.add(Views.session(name, one))));
              return Answers.json(200, Map.of("sessions", all));
            });
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
        .thenApply(
            done -> {
              if (done.names().isEmpty()) {
                throw new Answers.Refused(409, "relay " + name + " is there already");
              }
              return done(done);
            });
  }

  private String text() {
    try {
      return runner.file().text();
    } catch (IOException e) {
      throw new Answers.Refused(409, String.valueOf(e.getMessage()));
    }
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

  private static HttpResponse change(FleetRunner.Change change) {
    int status =
        !change.problems().isEmpty()
            ? 400
            : change.plan().isEmpty() || change.rolledBack() ? 409 : 200;
    return Answers.json(status, Views.change(change));
  }

  private HttpResponse log(Query query) {
    Predicate<String> named = StatusAnswers.named(query);
    return Answers.json(
        200,
        Map.of(
            "events",
            events.after(Answers.number(query, "after").orElse(0L)).stream()
                .filter(entry -> named.test(entry.event().relay()))
                .map(Views::event)
                .toList()));
  }

  /** Server-sent events (HTML Living Standard, 9.2); resumed by {@code after}. */
  private HttpResponse follow(Query query) {
    Predicate<String> named = StatusAnswers.named(query);
    Source<ByteString, NotUsed> lines =
        events
            .follow(Answers.number(query, "after").orElse(0L))
            .filter(entry -> named.test(entry.event().relay()))
            .map(
                entry ->
                    ByteString.fromString(
                        "id: "
                            + entry.number()
                            + "\ndata: "
                            + Json.of(Views.event(entry))
                            + "\n\n"))
            .keepAlive(KEEP_ALIVE, () -> ByteString.fromString(": still here\n\n"));
    ContentType type = MediaTypes.TEXT_EVENT_STREAM.toContentType();
    return HttpResponse.create().withEntity(HttpEntities.createChunked(type, lines));
  }

  private static HttpResponse done(Done done) {
    return Answers.json(done.names().isEmpty() ? 404 : 200, Map.of("done", done.names()));
  }

  // --- what requests have in common

  private CompletionStage<Done> ask(
      akka.japi.function.Function<akka.actor.typed.ActorRef<Done>, Command> message) {
    return AskPattern.ask(runner.supervisor(), message, PATIENCE, system.scheduler());
  }

  private <T> CompletionStage<T> blocking(java.util.function.Supplier<CompletionStage<T>> work) {
    return CompletableFuture.supplyAsync(work, blocking).thenCompose(inner -> inner);
  }
}
