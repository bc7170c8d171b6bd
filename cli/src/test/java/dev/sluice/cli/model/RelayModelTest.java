package dev.sluice.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.testkit.RelayExtension;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random conversations give the same under every plan.
 *
 * <p>Properties: {@code sluice.model.seed}, {@code sluice.model.scripts}.
 */
class RelayModelTest {
  private static final long SEED = Long.getLong("sluice.model.seed", new Random().nextLong());
  private static final int SCRIPTS = Integer.getInteger("sluice.model.scripts", 500);

  @RegisterExtension final RelayExtension relays = new RelayExtension();

  @Test
  void everyPlanTellsTheSameStory() {
    System.out.println("model test: seed " + SEED + ", " + SCRIPTS + " scripts");
    Random seeds = new Random(SEED);
    for (int i = 0; i < SCRIPTS; i++) {
      Script script = Script.random(seeds.nextLong());
      Map<String, String> stories = new LinkedHashMap<>();
      plans().forEach((plan, settings) -> stories.put(plan, Play.of(script, run(plan, settings))));
      String first = stories.values().iterator().next();
      stories.forEach(
          (plan, story) -> assertEquals(first, story, () -> plan + ", " + script + stories));
    }
  }

  /** What makes each plan run: counted blocks forbid splicing, a dump needs a stream. */
  private static Map<String, RelaySettings> plans() {
    Map<String, RelaySettings> plans = new LinkedHashMap<>();
    plans.put("copy", settings(true, RelaySettings.Dumps.NONE));
    plans.put("best", settings(false, RelaySettings.Dumps.NONE));
    plans.put(
        "stream",
        settings(
            false,
            new RelaySettings.Dumps(
                true, false, OutputStream.nullOutputStream(), Optional.empty(), Optional.empty())));
    return plans;
  }

  private static RelaySettings settings(boolean exactBlocks, RelaySettings.Dumps dumps) {
    return RelaySettings.DEFAULT.toBuilder()
        .halfCloseTimeout(Duration.ofMinutes(5))
        .exactBlocks(exactBlocks)
        .dumps(dumps)
        .build();
  }

  private Play.Relaying run(String plan, RelaySettings settings) {
    return (left, right) -> {
      RelayHandle relay = relays.start(Relay.between(left, right).with(settings));
      return () -> {
        Outcome outcome = RelayExtension.await(relay.ended());
        assertEquals(outcome.status() != 0, outcome.error(), plan);
        return outcome.status();
      };
    };
  }
}
