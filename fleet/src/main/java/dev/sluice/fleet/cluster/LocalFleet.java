package dev.sluice.fleet.cluster;

import dev.sluice.catalog.Address;
import dev.sluice.fleet.model.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The fleet of a node, as its cluster sees it. Thread-safe; nothing blocks. */
public interface LocalFleet {
  /**
   * Says which relays of {@code place = one} run here; no other one does.
   *
   * @param lingering told, each time that this changes, which of them are still alive though they
   *     are not to be here; on any thread
   */
  void place(Set<String> here, Consumer<Set<String>> lingering);

  /**
   * Has the shared part of a fleet run, which came from another node.
   *
   * @param origin what problems name as the file
   * @return what is wrong with it on this node; then nothing was changed
   */
  CompletionStage<List<Problem>> take(String shared, String origin);

  /** Reads one address; throws an {@link IllegalArgumentException} that says what is wrong. */
  Address address(String text);

  /** The relays that run here: their states, with the reason where one fails. */
  CompletionStage<Map<String, String>> states();
}
