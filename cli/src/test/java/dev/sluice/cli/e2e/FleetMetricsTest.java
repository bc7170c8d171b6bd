package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alert rules that the package brings, and the metrics that they ask for. */
@Timeout(120)
class FleetMetricsTest {
  private static final Path MONITORING = Tool.ROOT.resolve("dist/src/deb/doc/examples/monitoring");

  @TempDir Path folder;

  private static Set<String> named(String text) {
    return Pattern.compile("\\bsluice_[a-z_]+[a-z]")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String told(ProcessBuilder command) throws Exception {
    Process process = command.redirectErrorStream(true).start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + "\n" + told;
  }

  @Test
  void dashboardAndAlertsAskForMetricsThatThereAre() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"),
            "sluice { pools.p.members = [\"TCP:127.0.0.1:1\"]\n relays.a {"
                + " left = \"UNIX-LISTEN:a.sock,fork\", right = \"POOL:p\" } }");
    String metrics;
    try (Run run =
        Tool.SLUICE.command("fleet", "run", "--socket", "s", file.toString()).in(folder).start()) {
      Await.until(() -> Files.exists(folder.resolve("a.sock")), run::log);
      metrics =
          told(new ProcessBuilder(
                  "curl",
                  "-sS",
                  "--unix-socket",
                  folder.resolve("s").toString(),
                  "http://x/metrics"))
              .substring(2);
    }
    Set<String> there = named(metrics);
    try (Stream<Path> files = Files.list(MONITORING)) {
      for (Path one : (Iterable<Path>) files::iterator) {
        Set<String> asked = named(Files.readString(one));
        asked.removeAll(there);
        assertEquals(Set.of(), asked, one.toString());
      }
    }
    assertFalse(there.isEmpty());
    assumeTrue(hasPromtool(), "needs promtool, of Debian's package prometheus");
    Path shown = Files.writeString(folder.resolve("metrics"), metrics);
    String checked =
        told(new ProcessBuilder("promtool", "check", "metrics").redirectInput(shown.toFile()));
    assertTrue(checked.startsWith("0\n"), checked);
  }

  @Test
  void promtoolFindsTheRulesInOrder() throws Exception {
    assumeTrue(hasPromtool(), "needs promtool, of Debian's package prometheus");
    for (List<String> words :
        List.of(
            List.of("promtool", "check", "rules", "sluice-alerts.yml"),
            List.of("promtool", "test", "rules", "sluice-alerts-test.yml"))) {
      String told = told(new ProcessBuilder(words).directory(MONITORING.toFile()));
      assertTrue(told.startsWith("0\n"), told);
    }
  }

  private static boolean hasPromtool() {
    try {
      return told(new ProcessBuilder("promtool", "--version")).startsWith("0\n");
    } catch (IOException e) {
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
