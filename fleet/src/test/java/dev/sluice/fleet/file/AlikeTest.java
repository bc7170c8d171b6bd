package dev.sluice.fleet.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.relay.RelaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What relays of one file have alike is kept once. */
class AlikeTest {
  private static final String FILE =
      """
      sluice {
        secrets { db { env = DB_PASSWORD } }
        relays {
          a { left = "TCP-LISTEN:1001,fork", right = "PROXY:a:b:1,proxyauth=u" }
          b { left = "TCP-LISTEN:1002,fork", right = "PROXY:a:b:1,proxyauth=u" }
          c { left = "TCP-LISTEN:1003,fork", right = "PROXY:a:b:1,proxyauth={secret:db}" }
          d { left = "TCP-LISTEN:1004,fork", right = "PROXY:a:b:1,proxyauth={secret:db}" }
        }
      }
      """;

  private final RelayReader relays =
      RelayReader.of(
          Catalog.load(),
          (words, problem) -> new RelayOptions.Said(RelaySettings.DEFAULT, true),
          new Pools((pool, text) -> {}));

  @Test
  void anAddressWithASecretIsKeptForItsRelayAlone(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("fleet.conf"), FILE);
    Fleet fleet =
        new FleetReader(relays, Map.of("DB_PASSWORD", "secret")).read(file).fleet().orElseThrow();
    assertSame(
        understood(fleet, "a").left().first().options(),
        understood(fleet, "b").left().first().options());
    assertSame(right(fleet, "a").options(), right(fleet, "b").options());
    assertEquals(right(fleet, "c").options().inOrder(), right(fleet, "d").options().inOrder());
    assertNotSame(right(fleet, "c").options(), right(fleet, "d").options());
  }

  private Address right(Fleet fleet, String name) {
    return understood(fleet, name).right().first();
  }

  private RelayReader.Understood understood(Fleet fleet, String name) {
    RelayDefinition relay = Objects.requireNonNull(fleet.relays().get(name), name);
    return Objects.requireNonNull(
        relays.read(
            relay,
            fleet.secrets(),
            problem -> {
              throw new AssertionError(problem);
            }));
  }
}
