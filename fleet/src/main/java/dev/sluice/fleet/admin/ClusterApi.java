package dev.sluice.fleet.admin;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import dev.sluice.fleet.cluster.FleetCluster;
import dev.sluice.fleet.run.FleetRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests about the cluster that a fleet is part of. Thread-safe. */
final class ClusterApi {
  static final String PATH = "/v1/cluster";

  /** A change, and the words that it needs. */
  private static final Pattern CHANGE =
      Pattern.compile("/v1/cluster:(drain|undrain|down|move|unmove)");

  private final FleetRunner runner;

  ClusterApi(FleetRunner runner) {
    this.runner = runner;
  }

  private FleetCluster cluster() {
    return runner
        .cluster()
        .orElseThrow(() -> new Answers.Refused(404, "this fleet is in no cluster"));
  }

  /** How the cluster is. */
  CompletionStage<HttpResponse> view() {
    return cluster().view().thenApply(view -> Answers.json(200, view));
  }

  /** The answer to a change; empty when the path is none. */
  Optional<CompletionStage<HttpResponse>> change(String path, Query query) {
    Matcher change = CHANGE.matcher(path);
    if (!change.matches()) {
      return Optional.empty();
    }
    String verb = String.valueOf(change.group(1));
    List<String> words = new ArrayList<>(List.of(verb));
    if (verb.endsWith("move")) {
      words.add(needed(query, "relay"));
    }
    if (!verb.equals("unmove")) {
      words.add(needed(query, "node"));
    }
    return Optional.of(
        cluster()
            .command(words)
            .thenApply(done -> Answers.json(200, Map.of("done", String.join(" ", words))))
            .exceptionally(
                failure -> {
                  Throwable cause =
                      failure instanceof CompletionException && failure.getCause() != null
                          ? failure.getCause()
                          : failure;
                  throw new Answers.Refused(409, String.valueOf(cause.getMessage()));
                }));
  }

  private static String needed(Query query, String key) {
    return query.get(key).orElseThrow(() -> new Answers.Refused(400, "needs " + key));
  }
}
