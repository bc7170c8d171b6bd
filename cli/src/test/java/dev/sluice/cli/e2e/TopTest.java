package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice top} in a real terminal, tmux's. */
@Timeout(300)
class TopTest {
  @TempDir Path folder;

  private final int dead = Server.freePort();
  private Run fleet;

  @BeforeEach
  void start() throws IOException {
    StringBuilder relays = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      relays.append(
          "  r%02d { left = \"UNIX-LISTEN:r%02d,fork\", right = PIPE, group = many }\n"
              .formatted(i, i));
    }
    Files.writeString(
        folder.resolve("fleet.conf"),
        "sluice { relays {\n  echo { left = \"UNIX-LISTEN:日本\\u202e\\u001b[31m,fork\", right = PIPE }\n"
            + "  dead { left = \"TCP-LISTEN:"
            + dead
            + ",bind=127.0.0.1,reuseaddr,fork\", right = \"TCP:127.0.0.1:1\" }\n"
            + relays
            + "} }");
    fleet = Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start();
    Await.until(() -> Files.exists(folder.resolve("r39")), fleet::log);
    Await.until(() -> top("--once").contains("42 relays, 0 failing"), fleet::log);
  }

  @AfterEach
  void end() {
    tmux("kill-server");
    fleet.close();
  }

  private String top(String option) {
    return Tool.SLUICE.command("top", "--socket", "s", option).in(folder).run().stdout();
  }

  private String tmux(String... words) {
    List<String> all = new ArrayList<>(List.of("tmux", "-S", folder.resolve("tmux").toString()));
    all.addAll(List.of(words));
    try {
      Process process =
          new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String screen() {
    return tmux("capture-pane", "-p", "-t", "t");
  }

  private void await(String text) {
    Await.until(() -> screen().contains(text), () -> "\"" + text + "\" on\n" + screen());
  }

  private void open(int columns, int rows, String before) {
    tmux(
        "-u",
        "new-session",
        "-d",
        "-s",
        "t",
        "-x",
        "" + columns,
        "-y",
        "" + rows,
        "env",
        "PS1=$ ",
        "bash",
        "--norc");
    await("$");
    type(
        "stty -a > before; "
            + before
            + " "
            + Tool.ROOT
            + "/bin/sluice top --socket s; stty -a > after; echo over=$?");
  }

  private void type(String line) {
    tmux("send-keys", "-t", "t", "-l", line);
    tmux("send-keys", "-t", "t", "Enter");
  }

  private void keys(String... keys) {
    for (String key : keys) {
      tmux("send-keys", "-t", "t", key);
    }
  }

  private void assertAsBefore() throws IOException {
    await("over=0");
    assertSameSettings();
    assertFalse(screen().contains("sluice top  fleet.conf"), "the screen is left behind");
  }

  /** All that stty(1) tells, but the size. */
  private void assertSameSettings() throws IOException {
    String size = "rows \\d+; columns \\d+;";
    assertEquals(
        Files.readString(folder.resolve("before")).replaceFirst(size, ""),
        Files.readString(folder.resolve("after")).replaceFirst(size, ""));
  }

  @Test
  void aSmallScreenShowsTheListAndEachRelay() throws IOException {
    open(80, 24, "");
    await("1-19 of 42");
    String[] lines = screen().split("\n", -1);
    assertTrue(lines[0].startsWith("sluice top  fleet.conf  version 1"), lines[0]);
    assertTrue(lines[1].startsWith("42 relays, 0 failing, 0 draining, 0 stopped"), lines[1]);
    assertTrue(lines[3].startsWith("RELAY            STATE"), lines[3]);
    assertTrue(lines[4].startsWith("dead             running"), lines[4]);
    assertTrue(lines[22].startsWith("r"), lines[22]);
    assertTrue(lines[23].startsWith("Enter look  / filter"), lines[23]);

    new Socket(InetAddress.getLoopbackAddress(), dead).close();
    await("1 failing");
    await("failing: TCP:127");
    await("FAILED");
    keys("/");
    await("filter: _");
    keys("e", "c", "h", "o");
    await("1-1 of 1");
    keys("Enter", "Enter");
    await("Left        UNIX-LISTEN:日本\\u202e\\u001b[31m,fork");
    keys("s");
    await("stop echo? Its sessions may end. y or n");
    keys("n");
    await("Escape back");
    keys("s", "y");
    await("State       stopped");
    keys("S");
    await("State       running");
    keys("l");
    await("What happened to echo");
    await("up, listens on");
    assertFalse(screen().contains("\u202e"), screen());
    keys("?");
    await("change the order");
    keys("q", "q", "q");
    await("order: worst");
    keys("Escape");
    await("of 42");
    keys("o", "o", "o", "o");
    await("order: name");
    await("dead             failing");
    keys("End");
    await("24-42 of 42");
    keys("q");
    assertAsBefore();
  }

  @Test
  void aLargeScreenIsResizedAndEndedByASignal() throws IOException {
    open(200, 50, "NO_COLOR=1");
    await("1-42 of 42");
    await("ADDRESSES");
    await("UNIX-LISTEN:日本\\u202e\\u001b[31m,fork -> PIPE");
    String coloured = tmux("capture-pane", "-e", "-p", "-t", "t");
    assertFalse(coloured.matches("(?s).*\u001b\\[[0-9;]*3[0-7]m.*"), coloured);
    tmux("resize-window", "-t", "t", "-x", "90", "-y", "20");
    await("1-15 of 42");
    Await.until(() -> !screen().contains("ADDRESSES"), this::screen);
    ProcessHandle shell =
        ProcessHandle.of(Long.parseLong(tmux("display", "-p", "-t", "t", "#{pane_pid}").trim()))
            .orElseThrow();
    shell.children().forEach(ProcessHandle::destroy);
    await("over=");
    assertSameSettings();
    assertFalse(screen().contains("of 42"), "the screen is left behind");
    fleet.close();
    type("clear; " + Tool.ROOT + "/bin/sluice top --socket s");
    await("no fleet answers at s");
  }

  @Test
  void aPipeAndADumbTerminalGetATable() {
    open(80, 24, "TERM=dumb");
    await("over=0");
    await("r39    running");
    String table = top("--once");
    assertTrue(table.startsWith("42 relays, 0 failing, 0 sessions, -> -, <- -\nRELAY"), table);
    assertTrue(table.contains("\nr39"), table);
    String json = top("--json");
    assertTrue(json.startsWith("{\"time\":") && json.contains("\"name\":\"echo\""), json);
    Outcome few = Tool.SLUICE.command("top", "--socket", "s", "-n", "2").in(folder).run();
    assertTrue(few.stdout().endsWith("and 40 more\n"), few.stdout());
    Outcome status = Tool.SLUICE.command("status", "--socket", "s").in(folder).run();
    assertTrue(status.stdout().contains("echo"), status.stderr());
  }
}
