package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code filan} and {@code procan} beside the peer's. */
class FilanTest {
  private static String run(Path program, String shellLine) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", shellLine, "bash", program.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    return out.replaceAll("(?m)^\\S+ \\S+ \\w+\\[\\d+\\] ", "") + "status " + process.waitFor();
  }

  private static Path beside(Tool tool, String name) {
    return tool.program().resolveSibling(name);
  }

  private static Path ours(String name) {
    return Tool.ROOT.resolve("bin").resolve(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$1 -s -n 8 0</dev/null 5</etc/passwd 6</tmp 3>&- 4>&- 7>&-",
        "$1 -S -i 5 5</etc/passwd",
        "$1 -i 5 5</etc/passwd",
        "$1 -r -i 5 5</etc/passwd",
        "$1 -i 77",
        "$1 -s -i 77",
        "$1 -f /etc/passwd | sed 's/^ *-*[0-9]*: //'",
        "$1 -s -f /tmp",
        "$1 -s -f /nonexistent",
        "$1 -i x",
        "$1 1",
        "script -qc \"$1 -s -i 0\" /dev/null </dev/null",
      })
  void describesLikeThePeer(String line) throws Exception {
    Path peer = Tool.peer().map(tool -> beside(tool, "filan")).orElse(Path.of("/nonexistent"));
    Assumptions.assumeTrue(Files.isExecutable(peer) && Tool.peerIs18(), "needs the peer's filan");
    assertEquals(run(peer, line), run(ours("filan"), line));
  }

  @Test
  void describesTheConnectionThatAProgramWasGiven() {
    try (Run run =
        Tool.OURS
            .command(
                "-d",
                "-d",
                "TCP-LISTEN:0,bind=127.0.0.1",
                "SYSTEM:'" + ours("filan") + " -i 0 -s >&2',nofork")
            .start()) {
      int port = Integer.parseInt(run.awaitLog("listening on AF=2 127.0.0.1:(\\d+)").group(1));
      Tool.OURS.command("-u", "-", "TCP:127.0.0.1:" + port).run();
      run.awaitLog("tcp 127\\.0\\.0\\.1:" + port + " 127\\.0\\.0\\.1:\\d+");
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void tellsWhatSurroundsAProcess() throws Exception {
    String text = run(ours("procan"), "umask 027; $1");
    assertTrue(text.contains("umask = 0027\n"), text);
    assertTrue(text.contains("user id  = "), text);
    assertTrue(text.contains("Network namespace: net:["), text);
    assertTrue(text.endsWith("status 0"), text);
    assertTrue(run(ours("procan"), "$1 -x").startsWith("E unknown option \"-x\""));
  }
}
