package dev.sluice.fleet.admin;

import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.Query;
import akka.japi.Pair;
import dev.sluice.fault.Fault;
import dev.sluice.fault.FaultText;
import dev.sluice.fleet.model.FaultEdit;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.run.FleetProtocol.Done;
import dev.sluice.fleet.run.FleetProtocol.EditFaults;
import dev.sluice.fleet.run.FleetRunner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** Changes faults by hand. Thread-safe. */
final class FaultApi {
  static final String PATH = "/v1/relays:faults";

  private final FleetRunner runner;
  private final BiFunction<List<String>, FaultEdit, CompletionStage<Done>> change;

  /**
   * Makes one.
   *
   * @param change has the supervisor do it, as {@link EditFaults} says
   */
  FaultApi(FleetRunner runner, BiFunction<List<String>, FaultEdit, CompletionStage<Done>> change) {
    this.runner = runner;
    this.change = change;
  }

  /** Does what the query says to these relays: all of them, or none. */
  CompletionStage<HttpResponse> edit(List<String> names, Query query) {
    FaultEdit edit =
        new FaultEdit(
            query.get("reset").isPresent(),
            query.get("clear").isPresent(),
            all(query, "add").stream().map(FaultApi::fault).toList(),
            all(query, "rm"),
            query.get("end").isPresent());
    if (!edit.changesFaults() && !edit.ends()) {
      throw new Answers.Refused(400, "needs add, rm, clear, reset or end");
    } else if (names.isEmpty()) {
      throw new Answers.Refused(404, "no relay is like that");
    }
    return runner
        .running()
        .thenCombine(
            runner.status(),
            (now, status) -> {
              checkFit(now.fleet(), names, edit.add());
              Set<String> meant = Set.copyOf(names);
              status.relays().stream()
                  .filter(relay -> meant.contains(relay.definition().name()))
                  .forEach(relay -> check(edit, relay.definition().name(), relay.faults()));
              return names;
            })
        .thenCompose(all -> change.apply(all, edit))
        .thenApply(done -> Answers.json(200, Map.of("done", done.names())));
  }

  private void checkFit(Fleet fleet, List<String> names, List<Fault> faults) {
    if (faults.isEmpty()) {
      return;
    }
    for (String name : names) {
      List<String> problems = runner.misfits(fleet, name, faults);
      if (!problems.isEmpty()) {
        throw new Answers.Refused(400, "relay " + name + ": " + String.join("; ", problems));
      }
    }
  }

  private static void check(FaultEdit edit, String name, List<Fault> faults) {
    List<String> texts = Fault.texts(faults);
    for (String gone : edit.remove()) {
      if (!texts.contains(gone)) {
        throw new Answers.Refused(404, "relay " + name + " has no fault " + gone);
      }
    }
    if (edit.after(faults).map(List::size).orElse(0) > FaultEdit.MOST) {
      throw new Answers.Refused(
          409, "relay " + name + " would have more than " + FaultEdit.MOST + " faults");
    }
  }

  private static Fault fault(String text) {
    try {
      return FaultText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Answers.Refused(400, String.valueOf(e.getMessage()));
    }
  }

  private static List<String> all(Query query, String key) {
    return query.toList().stream()
        .filter(one -> one.first().equals(key))
        .map(Pair::second)
        .toList();
  }
}
