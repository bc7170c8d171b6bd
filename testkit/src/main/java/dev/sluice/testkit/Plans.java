package dev.sluice.testkit;

import dev.sluice.relay.RelaySettings;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Settings under which a relay moves its bytes by each plan there is. */
public final class Plans {
  private Plans() {}

  /**
   * The settings with what makes each plan run, by a name of the plan: counted blocks forbid
   * splicing, a dump needs a stream.
   */
  public static Map<String, RelaySettings> of(RelaySettings settings) {
    Map<String, RelaySettings> plans = new LinkedHashMap<>();
    plans.put("copy", settings.toBuilder().exactBlocks(true).build());
    plans.put("best", settings);
    plans.put(
        "stream",
        settings.toBuilder()
            .dumps(
                new RelaySettings.Dumps(
                    true,
                    false,
                    OutputStream.nullOutputStream(),
                    Optional.empty(),
                    Optional.empty()))
            .build());
    return plans;
  }
}
