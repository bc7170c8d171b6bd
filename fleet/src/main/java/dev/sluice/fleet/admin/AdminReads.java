package dev.sluice.fleet.admin;

import akka.NotUsed;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.Query;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.fleet.file.Export;
import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.fleet.run.FleetRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers GET: what a fleet is like, and its pages. Thread-safe. */
final class AdminReads {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);
  private static final Pattern POOL = Pattern.compile("/v1/pools/([^/:]+)");

  private final FleetRunner runner;
  private final ClusterApi cluster;
  private final EventLog events;
  private final Live live;
  private final Executor blocking;
  private final StatusAnswers status;
  private final Pages pages = new Pages();

  AdminReads(
      FleetRunner runner, ClusterApi cluster, EventLog events, Live live, Executor blocking) {
    this.runner = runner;
    this.cluster = cluster;
    this.events = events;
    this.live = live;
    this.blocking = blocking;
    this.status = new StatusAnswers(runner);
  }

  /** The answer; null if there is no such path. */
  @Nullable CompletionStage<HttpResponse> answer(
      String path, Query query, boolean isOpen, Access access) {
    if (Pages.has(path)) {
      return CompletableFuture.completedStage(pages.get(path));
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
      case "/v1/plan" ->
          CompletableFuture.supplyAsync(runner::plan, blocking)
              .thenCompose(inner -> inner)
              .thenApply(AdminChanges::planned);
      case "/v1/export" ->
          runner.running().thenApply(now -> Answers.text(200, Export.hocon(now.fleet())));
      case "/v1/log" -> CompletableFuture.completedStage(log(query));
      case "/v1/events" -> CompletableFuture.completedStage(follow(query));
      case "/v1/live" -> CompletableFuture.completedStage(live.follow(query, access));
      case "/v1/history" -> CompletableFuture.completedStage(live.history(query));
      case "/v1/file" -> CompletableFuture.supplyAsync(() -> Answers.text(200, text()), blocking);
      default -> one(path);
    };
  }

  private @Nullable CompletionStage<HttpResponse> one(String path) {
    Matcher relay = AdminChanges.RELAY.matcher(path);
    Matcher pool = POOL.matcher(path);
    if (pool.matches()) {
      return runner
          .status()
          .thenApply(fleet -> StatusAnswers.pool(fleet, String.valueOf(pool.group(1))));
    } else if (relay.matches()) {
      return runner
          .status()
          .thenApply(fleet -> status.relay(fleet, String.valueOf(relay.group(1))));
    }
    return null;
  }

  private CompletionStage<HttpResponse> sessions(Query query) {
    return runner
        .status()
        .thenCompose(
            fleet ->
                AskPattern.<Command, Sessions>ask(
                    runner.supervisor(),
                    replyTo -> new GetSessions(StatusAnswers.names(fleet, query), replyTo),
                    AdminChanges.PATIENCE,
                    runner.system().scheduler()))
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

  private String text() {
    try {
      return runner.file().text();
    } catch (IOException e) {
      throw new Answers.Refused(409, String.valueOf(e.getMessage()));
    }
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
}
