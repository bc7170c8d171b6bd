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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that ask a fleet that runs, as users type them, and its API by curl. */
@Timeout(240)
class FleetVerbsTest {
  @TempDir Path folder;

  private final Server server = Server.echo();
  private final int port = Server.freePort();
  private Path file = Path.of("");
  private Run run = Tool.SLUICE.command("-V").start();

  @BeforeEach
  void start() throws IOException {
    run.await();
    file = folder.resolve("fleet.conf");
    Files.writeString(
        file, "sluice { admin.others = read\n relays {\n" + web(server.port()) + "} }");
    run = fleet("run", file.toString()).start();
    Await.until(() -> isListening(port), run::log);
  }

  @AfterEach
  void end() {
    run.close();
    server.close();
  }

  private String web(int target) {
    return "web { left = \"TCP-LISTEN:"
        + port
        + ",bind=127.0.0.1,reuseaddr,fork\", right = \"TCP:127.0.0.1:"
        + target
        + "\", group = edge, drain = 1h }\n";
  }

  private Command fleet(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("fleet"));
    all.addAll(List.of(words));
    return Tool.SLUICE
        .command(all.toArray(String[]::new))
        .in(folder)
        .env("SLUICE_FLEET_SOCKET", folder.resolve("s").toString());
  }

  private String told(int status, String... words) {
    Outcome outcome = fleet(words).run();
    assertEquals(status, outcome.status(), outcome.stdout() + outcome.stderr());
    return outcome.stdout() + outcome.stderr();
  }

  private static boolean isListening(int port) {
    try (Socket socket = connect(port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Await.LIMIT.toMillis());
    return socket;
  }

  private static void echoes(Socket socket) throws IOException {
    socket.getOutputStream().write('x');
    assertEquals('x', socket.getInputStream().read());
  }

  private String curl(String... words) throws IOException {
    List<String> all =
        new java.util.ArrayList<>(
            List.of("curl", "-sS", "--unix-socket", folder.resolve("s").toString()));
    all.addAll(List.of(words));
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void sessionsAreListedAndEndedOneByOne() throws IOException {
    try (Socket one = connect(port);
        Socket two = connect(port)) {
      echoes(one);
      echoes(two);
      String sessions = told(0, "sessions", "w*");
      Matcher line =
          Pattern.compile("web +(\\d+) +127\\.0\\.0\\.1:" + one.getLocalPort() + " .* 1 +1\n")
              .matcher(sessions);
      assertTrue(line.find(), sessions);
      told(0, "end", "web", String.valueOf(line.group(1)));
      assertEquals(-1, one.getInputStream().read());
      echoes(two);
      assertTrue(told(1, "end", "web", "1").contains("relay web has no session 1"));
      assertTrue(told(0, "sessions", "--json").contains("\"peer\":\"127.0.0.1:"));
    }
  }

  @Test
  void aChangeIsPlannedAppliedRefusedAndUndone() throws IOException {
    try (Server other = Server.serving(connection -> connection.getOutputStream().write('o'));
        Socket old = connect(port)) {
      echoes(old);
      assertEquals("=1 (version 1)\n", told(0, "plan"));
      Files.writeString(file, "sluice.relays {\n" + web(other.port()) + "}");
      assertEquals(
          "~ web (right: target): new sessions go to the new target; old ones: keep\n"
              + "~1 target =0 (version 1)\n",
          told(0, "plan"));
      assertTrue(told(1, "apply", "--version", "7").contains("it has version 1 now"));
      assertTrue(told(0, "apply", "--version", "1", "--wait").contains("(version 2)"));
      try (Socket fresh = connect(port)) {
        assertEquals('o', fresh.getInputStream().read());
      }
      echoes(old);

      Files.writeString(file, "sluice.relays {\n" + web(1) + "web2 { left = x }\n}");
      String wrong = told(1, "apply");
      assertTrue(wrong.contains(file + ":3: relay web2: has no right"), wrong);
      assertTrue(wrong.contains("nothing was changed"), wrong);

      try (Server holder = Server.silent()) {
        String second = web(1).replace("web {", "b {").replace(":" + port, ":" + holder.port());
        Files.writeString(file, "sluice.relays {\n" + web(server.port()) + second + "}");
        String undone = told(1, "apply", "--wait", "300ms", "--or-rollback");
        assertTrue(undone.contains("not up: b\nthe change was undone\n"), undone);
        try (Socket fresh = connect(port)) {
          assertEquals('o', fresh.getInputStream().read());
        }
        assertFalse(told(0, "status").contains("\nb "));
        assertTrue(told(2, "apply", "--wait", "300ms").contains("not up: b"));
        Await.until(
            () -> fleet("status", "--failing").run().stdout().contains("Address already in use"),
            run::log);
      }
      echoes(old);
    }
  }

  @Test
  void relaysAreAddedByHandAndKeptByAnApply() throws IOException {
    int own = Server.freePort();
    String left = "TCP-LISTEN:" + own + ",bind=127.0.0.1,reuseaddr,fork";
    assertEquals("added mine\n", told(0, "add", "mine", "--", "-T", "60", left, server.address()));
    Await.until(() -> isListening(own), run::log);
    assertTrue(told(1, "add", "mine", left, "PIPE").contains("there already"));
    String wrong = told(1, "add", "x", "--", "-d", "TCP-LISTEN:1,frok", "PIPE");
    assertTrue(wrong.contains("did you mean \"fork\"") && wrong.contains("whole process"), wrong);
    assertEquals("=2 (version 2)\n", told(0, "apply").replace("version 3", "version 2"));
    try (Socket session = connect(own)) {
      echoes(session);
    }
    String file = told(0, "export");
    assertTrue(file.contains("mine { left = \"" + left + "\""), file);
    Files.writeString(folder.resolve("again.conf"), file);
    assertTrue(told(0, "check", "again.conf").contains("2 relays, no problem"));
    assertTrue(told(1, "rm", "web").contains("was not added by hand"));
    assertEquals("removed mine\n", told(0, "rm", "mine"));
    Await.until(() -> !isListening(own), run::log);
  }

  @Test
  void drainStopAndStart() throws IOException {
    try (Socket old = connect(port)) {
      echoes(old);
      assertEquals("drain web\n", told(0, "drain", "-g", "edge"));
      Await.until(() -> !isListening(port), run::log);
      echoes(old);
      assertTrue(told(0, "status").contains("draining"));
      assertEquals("stop web\n", told(0, "stop", "*"));
      assertEquals(-1, old.getInputStream().read());
    }
    assertEquals("start web\n", told(0, "start", "web"));
    Await.until(() -> isListening(port), run::log);
    assertTrue(told(1, "stop", "nobody").contains("no relay is called that"));
    assertTrue(told(1, "stop").contains("needs either a NAME"));
  }

  @Test
  void theApiAnswersCurl() throws IOException {
    assertEquals("ok\n", curl("http://x/livez"));
    assertEquals("ok\n", curl("http://x/readyz"));
    String metrics = curl("http://x/metrics");
    assertTrue(metrics.contains("sluice_relay_up{relay=\"web\",group=\"edge\"} 1\n"), metrics);
    assertTrue(metrics.contains("# TYPE sluice_sessions_total counter\n"), metrics);
    assertTrue(curl("http://x/metrics?by=group").contains("sluice_relay_up{group=\"edge\"} 1\n"));
    assertTrue(curl("http://x/v1/relays/web").contains("\"state\":\"running\""));
    assertTrue(curl("http://x/v1/relays?limit=0").contains("\"found\":1"));
    assertTrue(curl("http://x/v1/relays?limit=x").contains("limit is not a number"));
    assertTrue(curl("http://x/v1/relays/none").contains("there is no relay none"));
    assertTrue(curl("-X", "PATCH", "http://x/v1/relays").contains("\"error\""));
    String big = "x".repeat(100_000);
    Files.writeString(folder.resolve("big"), big);
    String refused =
        curl("-w", "%{http_code}", "-T", folder.resolve("big").toString(), "http://x/v1/relays/b");
    assertTrue(refused.endsWith("413") || refused.contains("exceed"), refused);
    assertTrue(curl("-w", "%{http_code}", "http://x/" + "y".repeat(5000)).endsWith("414"));
    assertTrue(run.isAlive());
  }

  @Test
  void theShellCompletesVerbsAndNames() throws IOException {
    for (String shell : new String[] {"bash", "zsh"}) {
      Path program = Path.of("/usr/bin", shell);
      if (!Files.isExecutable(program)) {
        continue;
      }
      String script =
          "eval \"$(grep -v '^_sluice \"' "
              + Tool.ROOT.resolve("docs/completion/" + (shell.equals("zsh") ? "_" : "") + "sluice")
              + ")\"; _sluice_fleet 2 '' dra sluice; _sluice_fleet 3 drain w "
              + Tool.ROOT.resolve("bin/sluice");
      Outcome offered =
          new Command(new Tool(shell, program), "-c", script)
              .in(folder)
              .env("SLUICE_FLEET_SOCKET", folder.resolve("s").toString())
              .run();
      assertEquals("drain\nweb\n", offered.stdout(), offered.stderr());
    }
    String help = told(0, "--help");
    String man = Files.readString(Tool.ROOT.resolve("docs/man/sluice.1"));
    Matcher verb = Pattern.compile("(?m)^  ([a-z]+)  ").matcher(help);
    int count = 0;
    while (verb.find()) {
      count++;
      assertTrue(man.contains(".TP\n" + verb.group(1)), verb.group(1));
    }
    assertTrue(count > 15, help);
    assertTrue(Tool.SLUICE.command("-h").run().stdout().contains("sluice fleet <verb>"));
  }

  @Test
  void eventsAreFollowed() throws IOException {
    try (Run log = fleet("log", "-f", "web").start()) {
      log.awaitOutput("web: up, listens on .*" + port);
      told(0, "stop", "web");
      told(0, "start", "web");
      Await.until(() -> isListening(port), run::log);
      log.awaitOutput("(?s)up, listens.*up, listens");
    }
    assertTrue(told(0, "log").contains("web: up, listens on"));
  }

  @Test
  void othersMayOnlyLook() throws IOException {
    new ProcessBuilder("chmod", "a+rwx", folder.toString(), folder.resolve("s").toString())
        .start()
        .onExit()
        .join();
    if (!System.getProperty("user.name", "").equals("root")) {
      return; // only root can be somebody else
    }
    String asNobody =
        new String(
            new ProcessBuilder(
                    "setpriv",
                    "--reuid=65534",
                    "--clear-groups",
                    "curl",
                    "-sS",
                    "--unix-socket",
                    folder.resolve("s").toString(),
                    "http://x/v1/relays",
                    "-X",
                    "POST",
                    "http://x/v1/relays:stop?name=web")
                .redirectErrorStream(true)
                .start()
                .getInputStream()
                .readAllBytes(),
            StandardCharsets.UTF_8);
    assertTrue(asNobody.contains("this user may not do that"), asNobody);
    assertTrue(isListening(port));
  }

  @Test
  void aSecondFleetOnTheSameSocketIsRefusedAndOneThatWasKilledIsReplaced() {
    Outcome second = fleet("run", file.toString()).run();
    assertEquals(1, second.status());
    assertTrue(second.stderr().contains("another process answers there"), second.stderr());
    run.signal("STOP"); // it answers nobody, but it lives
    second = fleet("run", file.toString()).run();
    assertEquals(1, second.status());
    assertTrue(second.stderr().contains("another process answers there"), second.stderr());
    assertEquals(1, second.stderr().lines().count(), second.stderr());
    run.signal("CONT");
    assertTrue(told(0, "status").contains("web"));
    run.close();
    assertTrue(Files.exists(folder.resolve("s")));
    assertTrue(told(1, "status").contains("no fleet answers at"));
    run = fleet("run", file.toString()).start();
    Await.until(() -> isListening(port), run::log);
    assertTrue(told(0, "status").contains("web"));
    assertEquals(0, run.stop("TERM").status());
    assertFalse(Files.exists(folder.resolve("s")));
  }

  @Test
  void theWalkOfTheDocumentation() throws IOException {
    String page = Files.readString(Tool.ROOT.resolve("docs/fleet.md"));
    page = page.substring(page.indexOf("## A walk"));
    int base = Server.freePort();
    String blocks =
        Pattern.compile("\\b70([012]\\d)\\b")
            .matcher(page)
            .replaceAll(at -> Integer.toString(base + Integer.parseInt(at.group(1))));
    Files.writeString(folder.resolve("fleet.conf"), block(blocks, "hocon"));
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("sluice"), Tool.ROOT.resolve("bin/sluice"));
    StringBuilder script = new StringBuilder("set -m\n");
    block(blocks, "sh")
        .lines()
        .forEach(
            line -> {
              script.append("echo '$ ").append(line.replace("'", "")).append("'\n");
              script.append(line).append("\n");
              if (line.matches(".*&\\s*(#.*)?")) {
                script.append(
                    "until sluice fleet status --socket fleet.sock | grep -c running | grep -qx 10;"
                        + " do :; done\n");
              } else {
                script.append("echo \"status $?\"\n");
              }
            });
    script.append("wait\necho end\n");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", script.toString());
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
    builder.environment().remove("SLUICE_FLEET_SOCKET");
    Process process = builder.start();
    String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    assertTrue(told.contains("fleet.conf: 10 relays, no problem\nstatus 0"), told);
    assertTrue(
        Pattern.compile("7?009 .*\nhello\nstatus 0").matcher(told).find()
            || told.contains("\nhello\nstatus 0"),
        told);
    assertTrue(
        Pattern.compile("down +running +failing +0 +1 +1 +.*Connection refused.*\nstatus 2")
            .matcher(told)
            .find(),
        told);
    assertTrue(told.contains("~1 target =9 (version 1)\nstatus 0"), told);
    assertTrue(told.contains("~1 target =9 (version 2)\nstatus 0"), told);
    assertTrue(told.contains("fault add echo\nstatus 0"), told);
    assertTrue(told.contains("fault rm echo\nstatus 0"), told);
    assertEquals(3, Pattern.compile("\nhello\nstatus 0").matcher(told).results().count(), told);
    assertTrue(told.contains("drain web-7") || told.contains("drain web-"), told);
    assertEquals(8, Pattern.compile("web-\\d+ +stopped").matcher(told).results().count(), told);
    assertTrue(told.contains("added other\nstatus 0"), told);
    assertTrue(Pattern.compile("down: .*Connection refused").matcher(told).find(), told);
    assertTrue(told.contains("removed other\nstatus 0"), told);
    assertTrue(told.contains("options = [") || told.contains("echo { left"), told);
    assertTrue(told.trim().endsWith("end"), told);
  }

  private static String block(String page, String language) {
    int start = page.indexOf("```" + language + "\n") + language.length() + 4;
    return page.substring(start, page.indexOf("```", start));
  }
}
