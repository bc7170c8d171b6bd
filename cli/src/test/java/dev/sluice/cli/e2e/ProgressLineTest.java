package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The line of {@code --progress}: where it is shown, and that the data does not notice. */
class ProgressLineTest {
  @TempDir Path folder;

  @Test
  void isOnlyForATerminalIfAskedForOnce() {
    Outcome outcome = Tool.OURS.command("--progress", "-u", "-", "STDOUT").input("data").run();
    assertEquals(new Outcome(0, "data", ""), outcome);
  }

  @Test
  void tellsHowFarItIsAndHowLongItTakes() {
    try (Run run =
        Tool.OURS
            .command("--progress", "--progress", "-u", "-,readbytes=1000", "STDOUT")
            .openInput()
            .start()) {
      run.send("x".repeat(250));
      run.awaitLog("(?m)^> 250 B 25% [\\d.]+ k?B/s, \\d+:\\d\\d left  0:\\d\\d$");
      run.send("y".repeat(750));
      run.endInput();
      Outcome outcome = run.await();
      assertEquals(1000, outcome.stdout().length());
      String last = outcome.stderr().lines().reduce((a, b) -> b).orElse("");
      assertTrue(last.matches("> 1.00 kB 100% .*/s  0:\\d\\d"), outcome.stderr());
    }
  }

  @Test
  void knowsTheRestOfAFile() throws IOException {
    Files.writeString(folder.resolve("file"), "z".repeat(5000));
    Outcome outcome =
        Tool.OURS
            .command("--progress", "--progress", "-u", "OPEN:file,seek=1000", "STDOUT")
            .in(folder)
            .run();
    assertEquals(4000, outcome.stdout().length());
    assertTrue(outcome.stderr().startsWith("> 4.00 kB 100% "), outcome.stderr());
  }

  @Test
  void isWrittenOverItselfInATerminal() {
    Outcome outcome =
        new Command(
                new Tool("script", Path.of("/usr/bin/script")),
                "-qec",
                Tool.OURS.program() + " --progress -u SYSTEM:'echo data' OPEN:out,creat",
                "/dev/null")
            .in(folder)
            .run();
    assertTrue(
        outcome.stdout().matches("(?s).*\r> 5 B [\\d.]+ k?B/s  0:\\d\\d\033\\[K\r?\n"),
        outcome.toString());
  }

  @Test
  void isNotForManySessions() {
    Outcome outcome = Tool.OURS.command("--progress", "TCP-LISTEN:0,fork", "PIPE").run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains("E option --progress shows one transfer"), outcome.stderr());
  }
}
