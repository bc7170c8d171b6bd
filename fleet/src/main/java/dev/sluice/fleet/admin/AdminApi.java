package dev.sluice.fleet.admin;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.http.javadsl.model.HttpMethods;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.http.javadsl.model.headers.RawHeader;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.os.PeerCredentials;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Answers requests to a fleet; docs/fleet.md has the list. Thread-safe. */
final class AdminApi {
  private static final int MOST_BODY = 64 * 1024;

  /** What needs no access where metrics are served. */
  private static final Set<String> OPEN = Set.of("/metrics", "/livez", "/readyz");

  private final FleetRunner runner;
  private final AdminReads reads;
  private final AdminChanges changes;
  private final ActorSystem<?> system;
  private final Access others;
  private final int ownUser;

  AdminApi(
      FleetRunner runner,
      FleetReader reader,
      EventLog events,
      Live live,
      Access others,
      int ownUser) {
    this.runner = runner;
    this.system = runner.system();
    this.others = others;
    this.ownUser = ownUser;
    ClusterApi cluster = new ClusterApi(runner);
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    this.reads = new AdminReads(runner, cluster, events, live, blocking);
    this.changes = new AdminChanges(runner, cluster, reader, blocking);
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
      return Bodies.text(request, MOST_BODY, system).thenApply(remote::login);
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
            : AdminChanges.isOperating(path) ? Access.OPERATE : Access.ADMIN;
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
        reads
            ? this.reads.answer(path, query, isOpen, access)
            : changes.answer(request, path, query);
    if (answer == null) {
      request.discardEntityBytes(system);
      throw new Answers.Refused(404, "there is no " + request.method().name() + " " + path);
    }
    return answer;
  }
}
