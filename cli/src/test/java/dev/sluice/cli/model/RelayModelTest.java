package dev.sluice.cli.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.testkit.Plans;
import dev.sluice.testkit.RelayExtension;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random conversations give the same under every plan.
 *
 * <p>Properties: {@code sluice.model.seed}, {@code sluice.model.scripts}.
 */
@Tag("slow")
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

  private static Map<String, RelaySettings> plans() {
    return Plans.of(
        RelaySettings.DEFAULT.toBuilder().halfCloseTimeout(Duration.ofMinutes(5)).build());
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
