package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.cli.model.Play;
import dev.sluice.cli.model.Script;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random conversations give the same through the packaged tool and through the peer. */
class ModelAgainstPeerTest {
  private static final long SEED = Long.getLong("sluice.model.seed", new Random().nextLong());
  private static final int SCRIPTS = Integer.getInteger("sluice.model.peer-scripts", 20);

  @Test
  void theToolTellsTheStoryOfThePeer() {
    System.out.println("model test against the peer: seed " + SEED + ", " + SCRIPTS + " scripts");
    Random seeds = new Random(SEED);
    for (int i = 0; i < SCRIPTS; i++) {
      Script script = Script.random(seeds.nextLong());
      String ours = play(Tool.OURS, script);
      Tool.peer().ifPresent(peer -> assertEquals(play(peer, script), ours, script::toString));
    }
  }

  private static String play(Tool tool, Script script) {
    return Play.of(
        script,
        (left, right) -> {
          Run run = tool.command("-t", "300", left, right).start();
          return () -> {
            try (run) {
              return run.await().status();
            }
          };
        });
  }
}
