package dev.sluice.fleet.admin;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.Query;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.fleet.file.Json;
import dev.sluice.fleet.run.FleetEvent;
import dev.sluice.fleet.run.FleetProtocol.Command;
import dev.sluice.fleet.run.FleetProtocol.GetSessions;
import dev.sluice.fleet.run.FleetProtocol.Sessions;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.fleet.run.FleetStatus.RelayStatus;
import dev.sluice.fleet.watch.History;
import dev.sluice.fleet.watch.RelayList;
import dev.sluice.fleet.watch.Sample;
import dev.sluice.fleet.watch.Sampler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the dashboard and {@code top} look at: a server-sent event each second with the rows that
 * are visible and nothing else, and the history behind the graphs. Thread-safe.
 */
final class Live {
  private static final Duration EVERY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int USUAL_ROWS = 50;
  private static final int MOST_ROWS = 200;
  private static final int MOST_SESSIONS = 50;
  private static final int MOST_EVENTS = 20;

  private final FleetRunner runner;
  private final ActorSystem<?> system;
  private final EventLog events;
  private final Sampler sampler;
  private final History history = new History();

  Live(FleetRunner runner, EventLog events) {
    this.runner = runner;
    this.system = runner.system();
    this.events = events;
    this.sampler = new Sampler(runner::status, System::nanoTime);
    system
        .scheduler()
        .scheduleAtFixedRate(
            History.STEP,
            History.STEP,
            () -> sampler.sample().thenAccept(history::add),
            system.executionContext());
  }

  /** The stream that {@code query} asks for; {@code access} is told to who looks. */
  HttpResponse follow(Query query, Access access) {
    Optional<String> relay = query.get("relay");
    RelayList list = list(query);
    Source<ByteString, NotUsed> lines =
        Source.tick(Duration.ZERO, EVERY, "")
            .mapMaterializedValue(any -> NotUsed.getInstance())
            .mapAsync(1, tick -> sampler.sample())
            .mapAsync(1, sample -> view(sample, relay, list, access))
            .map(view -> ByteString.fromString("data: " + Json.of(view) + "\n\n"));
    ContentType type = MediaTypes.TEXT_EVENT_STREAM.toContentType();
    return HttpResponse.create().withEntity(HttpEntities.createChunked(type, lines));
  }

  /** The graph that {@code query} asks for. */
  HttpResponse history(Query query) {
    History.Span span =
        switch (query.get("span").orElse("15m")) {
          case "15m" -> History.Span.MINUTES_15;
          case "24h" -> History.Span.HOURS_24;
          default -> throw new Answers.Refused(400, "span is 15m or 24h");
        };
    return Answers.json(
        200,
        LiveViews.history(
            query
                .get("relay")
                .map(name -> history.relay(name, span))
                .orElseGet(() -> history.total(span))));
  }

  private CompletionStage<Map<String, @Nullable Object>> view(
      Sample sample, Optional<String> relay, RelayList list, Access access) {
    Map<String, @Nullable Object> view = new LinkedHashMap<>();
    view.put("time", sample.time().toString());
    view.put("version", sample.status().version());
    view.put("file", sample.status().file());
    view.put("access", access.name().toLowerCase(Locale.ROOT));
    view.put("totals", LiveViews.totals(sample));
    if (relay.isEmpty()) {
      view.put("list", LiveViews.list(sample, list));
      return withNodes(view);
    }
    String name = relay.get();
    Optional<RelayStatus> found =
        sample.status().relays().stream()
            .filter(one -> one.definition().name().equals(name))
            .findFirst();
    view.put("relay", found.map(one -> LiveViews.relay(sample, one)).orElse(null));
    List<EventLog.Entry> own =
        events.after(0).stream().filter(one -> one.event().relay().equals(name)).toList();
    view.put("events", last(own, false));
    view.put("log", last(own, true));
    if (found.isEmpty()) {
      return CompletableFuture.completedStage(view);
    }
    return AskPattern.<Command, Sessions>ask(
            runner.supervisor(),
            replyTo -> new GetSessions(List.of(name), replyTo),
            PATIENCE,
            system.scheduler())
        .thenApply(
            some -> {
              List<Object> all = new ArrayList<>();
              some.byRelay().getOrDefault(name, List.of()).stream()
                  .limit(MOST_SESSIONS)
                  .forEach(one -> all.add(Views.session(name, one)));
              view.put("sessions", all);
              return view;
            });
  }

  /** Of a fleet in a cluster, how its nodes are. */
  private CompletionStage<Map<String, @Nullable Object>> withNodes(
      Map<String, @Nullable Object> view) {
    return runner
        .cluster()
        .map(
            cluster ->
                cluster
                    .view()
                    .thenApply(
                        told -> {
                          view.put("cluster", told.get("name"));
                          view.put("nodes", told.get("nodes"));
                          return view;
                        }))
        .orElseGet(() -> CompletableFuture.completedStage(view));
  }

  /** The last of those that are log lines, or that are none. */
  private static List<Map<String, @Nullable Object>> last(
      List<EventLog.Entry> all, boolean logged) {
    List<EventLog.Entry> some =
        all.stream().filter(one -> one.event() instanceof FleetEvent.Said == logged).toList();
    return some.subList(Math.max(0, some.size() - MOST_EVENTS), some.size()).stream()
        .map(Views::event)
        .toList();
  }

  private static RelayList list(Query query) {
    int offset = Answers.number(query, "offset").orElse(0L).intValue();
    int limit = (int) Math.min(MOST_ROWS, Answers.number(query, "limit").orElse((long) USUAL_ROWS));
    return new RelayList(
        query.get("text").orElse(""),
        query.get("state").orElse(""),
        order(query.get("order").orElse("worst")),
        query.get("fold").isPresent(),
        query.get("open").map(open -> Set.copyOf(List.of(open.split(",", -1)))).orElse(Set.of()),
        offset,
        limit);
  }

  private static RelayList.Order order(String text) {
    for (RelayList.Order order : RelayList.Order.values()) {
      if (order.name().toLowerCase(Locale.ROOT).equals(text)) {
        return order;
      }
    }
    throw new Answers.Refused(400, "order is worst, name, rate, sessions or failed");
  }
}
