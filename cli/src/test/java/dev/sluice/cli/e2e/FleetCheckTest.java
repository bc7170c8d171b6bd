package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice fleet check}, as a user types it. */
@Timeout(120)
class FleetCheckTest {
  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("fleet.conf"), text);
  }

  private static Outcome fleet(String... words) {
    return Tool.SLUICE.command(words).run();
  }

  @Test
  void aFileInOrderIsOneLineAndStatus0() throws IOException {
    Path file =
        file(
            """
            sluice.relays {
              web { left = "TCP-LISTEN:8080,reuseaddr,fork", right = "TCP:10.0.0.1:80", options = "-T 60 -b 4096" }
              log { left = "UDP-RECV:514", right = "OPEN:all.log,creat,append", options = [-u] }
            }
            """);
    Outcome outcome = fleet("fleet", "check", file.toString());
    assertEquals(file + ": 2 relays, no problem\n", outcome.stdout());
    assertEquals(0, outcome.status());
  }

  @Test
  void everyProblemHasItsLineAndTheStatusIs1() throws IOException {
    Path file =
        file(
            """
            sluice.relays {
              a { left = "TCP-LISTEN:1,frok", right = "TCP:a:1" }
              b { left = "PIPE", right = "PIPE", options = "-T sixty" }
              c { left = "PIPE", right = "PIPE", options = "-d -d" }
              d { left = "PIPE", right = "PIPE", options = "-t" }
              e { left = "PIPE", right = "PIPE", options = "PIPE" }
            }
            """);
    Outcome outcome = fleet("fleet", "check", file.toString());
    assertEquals(1, outcome.status());
    String[] lines = outcome.stderr().split("\n", -1);
    assertTrue(lines[0].startsWith(file + ":2: relay a: left \"TCP-LISTEN:1,frok\": "), lines[0]);
    assertTrue(lines[1].startsWith(file + ":3: relay b: parseopts(): missing num"), lines[1]);
    assertTrue(lines[2].startsWith(file + ":4: relay c: option \"-d\" is for a whole"), lines[2]);
    assertTrue(lines[3].startsWith(file + ":5: relay d: "), lines[3]);
    assertTrue(lines[4].startsWith(file + ":6: relay e: "), lines[4]);
    assertEquals("5 problems", lines[5]);
  }

  @Test
  void mistakesInTheVerbAreToldShortly() {
    Outcome unknown = fleet("fleet", "chek", "x");
    assertEquals(1, unknown.status());
    assertTrue(unknown.stderr().contains("chek"), unknown.stderr());
    Outcome none = fleet("fleet");
    assertEquals(1, none.status());
    assertTrue(none.stderr().contains("sluice fleet --help"), none.stderr());
    Outcome help = fleet("fleet", "--help");
    assertEquals(0, help.status());
    assertTrue(help.stdout().contains("check"), help.stdout());
  }

  @Test
  void calledSocatThereIsNoSuchWord() {
    Outcome outcome = Tool.OURS.command("fleet", "check").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("unknown device/address \"fleet\""), outcome.stderr());
  }

  @Test
  void aRelayOfOneLineHasNoJarOfFleetsOnItsClassPath() throws IOException {
    String launcher = Files.readString(Tool.ROOT.resolve("bin/sluice"));
    assertTrue(launcher.contains("kind=sluice boot=$jar\n"));
    assertTrue(launcher.contains("main=(-cp \"$boot\" dev.sluice.cli.Main)"));
    Outcome classes =
        Tool.SLUICE
            .command("-", "/dev/null")
            .env("SLUICE_JAVA_OPTS", "-Xlog:class+path=info:stdout")
            .run();
    assertEquals(0, classes.status(), classes.stderr());
    assertFalse(classes.stdout().contains("sluice-fleet"), classes.stdout());
  }
}
