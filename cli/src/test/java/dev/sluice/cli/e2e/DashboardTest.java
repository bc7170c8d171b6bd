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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard in a real browser: each view, filter and button. */
@Timeout(300)
class DashboardTest {
  private static final String ADMIN = "an-admin-token-of-tests";
  private static final String READ = "a-read-token-of-tests";

  /** A label that would be bold and a script, and turns the direction of writing. */
  private static final String HOSTILE =
      "<b>bold</b><script>document.title='taken'</script>\u202eright";

  @TempDir Path folder;

  private final int port = Server.freePort();
  private final int echo = Server.freePort();
  private final int web = Server.freePort();
  private final int dead = Server.freePort();
  private final int odd = Server.freePort();
  private final String site = "http://127.0.0.1:" + port;
  private Run fleet;
  private Browser browser;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("token"), ADMIN);
    Files.writeString(folder.resolve("look"), READ);
    Files.writeString(folder.resolve("fleet.conf"), file());
    fleet = run();
    browser = new Browser(folder.resolve("profile"));
  }

  private Run run() {
    Run run = Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start();
    Await.until(
        () -> {
          try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
          } catch (IOException e) {
            return false;
          }
        },
        run::log);
    return run;
  }

  @AfterEach
  void end() {
    browser.close();
    fleet.close();
  }

  private String file() {
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      many.append(
          "  r%02d { left = \"UNIX-LISTEN:r%02d,fork,unlink-early\", right = PIPE, group = many }\n"
              .formatted(i, i));
    }
    return """
        sluice {
          secrets { api.file = token, look.file = look }
          admin { listen = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", token = api, read-token = look }
          pools.web { members = ["TCP:127.0.0.1:%d", "TCP:127.0.0.1:1"], check { every = 1s } }
          relays {
            echo { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = PIPE, labels { tier = "%s" } }
            web  { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "POOL:web", group = edge }
            odd  { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "OPEN:/none/<b>no</b>\\u202e\\u001b[31m", group = odd }
            dead { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "TCP:127.0.0.1:1", group = edge }
        %s  }
        }
        """
        .formatted(port, echo, echo, HOSTILE, web, odd, dead, many);
  }

  private void logIn(String token) {
    browser.open(site + "/");
    assertEquals(site + "/login", browser.url());
    browser.type("#token", token);
    browser.click("button");
    Await.until(() -> browser.url().equals(site + "/"), () -> browser.url() + browser.log());
  }

  private Socket client(int to) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), to);
  }

  /** What a page may say: that the server is gone, if it was ended. */
  private void assertQuiet(boolean wasEnded) {
    List<String> log =
        browser.log().stream()
            .filter(line -> !wasEnded || !line.matches(".*(net::ERR_|status of 401).*"))
            .filter(line -> line.startsWith("SEVERE"))
            .toList();
    assertEquals(List.of(), log);
  }

  @Test
  void theListIsFilteredSortedFoldedAndPaged() throws IOException {
    browser.open(site + "/");
    browser.type("#token", "a-wrong-token-of-tests");
    browser.click("button");
    Await.until(() -> browser.url().endsWith("/login#wrong"), browser::url);
    browser.await("#wrong", "not known");
    browser.check("the login page");
    logIn(ADMIN);
    browser.await("#rows", "echo");
    browser.await("#page", "1–30 of 44");
    browser.check("the list");
    assertTrue(browser.transferred() < 90_000, "assets take " + browser.transferred() + " bytes");

    browser.click("#next");
    browser.await("#page", "31–44 of 44");
    browser.click("#previous");
    browser.await("#page", "1–30");
    browser.type("#text", "r07");
    browser.await("#page", "1–1 of 1");
    assertTrue(browser.text("#rows").contains("r07"));
    browser.type("#text", "tier=<b>bold");
    browser.await("#page", "1–1 of 1");
    browser.await("#rows", "echo");
    browser.type("#text", "nothing-is-called-that");
    browser.await("#none", "No relay is like that");
    browser.type("#text", " ");
    browser.await("#page", "of 44");

    browser.click("#fold");
    browser.await("#rows", "many");
    browser.await("#page", "1–4 of 4");
    browser.click("[data-key='group edge']");
    browser.await("#page", "1–6 of 6");
    browser.await("#rows", "dead");
    browser.click("[data-key='group edge']");
    browser.await("#page", "1–4 of 4");
    browser.click("#fold");
    browser.await("#page", "of 44");
    browser.run(
        "const o = document.getElementById('order'); o.value = 'name';"
            + " o.dispatchEvent(new Event('change'))");
    browser.await("#rows tr:first-child", "dead");

    client(dead).close();
    browser.await("#rows tr:first-child", "Connection refused");
    browser.run(
        "const s = document.getElementById('state'); s.value = 'failing';"
            + " s.dispatchEvent(new Event('change'))");
    browser.await("#page", "1–1 of 1");
    for (int width : new int[] {360, 800, 1440}) {
      browser.width(width);
      browser.check("the list at " + width);
    }
    browser.emulate(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    browser.check("the dark list");
    assertQuiet(false);
  }

  @Test
  void aRelayIsLookedAtStoppedDrainedAndStarted() throws IOException {
    logIn(ADMIN);
    browser.open(site + "/#/relay/web");
    browser.await("#relay", "Pool web");
    browser.await("#relay", "up");
    try (Socket client = client(web)) {
      client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals('h', client.getInputStream().read());
      browser.await("#relay", "1 now, 1 in all");
      browser.await("#relay", "6 B");
      browser.check("a relay");
      browser.click("[data-key^='end ']");
      browser.await("#question", "End session");
      browser.click("#ask button[value=no]");
      assertTrue(browser.text("#relay").contains("1 now"));
      browser.click("[data-key^='end ']");
      browser.click("#yes");
      browser.await("#relay", "0 now");
      while (client.getInputStream().read() >= 0) {}
    } catch (IOException reset) {
      assertTrue(String.valueOf(reset.getMessage()).contains("reset"), reset.toString());
    }
    for (String[] step :
        new String[][] {
          {"Stop", "stopped"}, {"Start", "running"}, {"Drain", "stopped"}, {"Start", "running"}
        }) {
      browser.run(
          "[...document.querySelectorAll('#relay .actions button')]"
              + ".find(b => b.innerText === arguments[0]).click()",
          step[0]);
      if (!step[0].equals("Start")) {
        browser.await("#question", "web");
        browser.click("#yes");
      }
      browser.await("#relay dl", step[1]);
    }
    browser.await("#relay .log", "up, listens on");
    browser.run(
        "[...document.querySelectorAll('#relay .actions button')]"
            + ".find(b => b.innerText === '24 hours').click()");
    Await.until(
        () ->
            Boolean.TRUE.equals(
                browser.run("return document.querySelector('.graph canvas')?.offsetWidth > 0")),
        () -> browser.log().toString());
    browser.width(360);
    browser.check("a relay at 360");
    browser.open(site + "/#/relay/echo");
    browser.await("#relay dl", "<script>");
    assertTrue(browser.text("#relay dl").contains("\\u202e"), browser.text("#relay dl"));
    assertFalse(browser.text("#relay dl").contains("\u202e"));
    assertEquals("Sluice", browser.run("return document.title"));
    browser.open(site + "/#/relay/no-such");
    browser.await("#relay", "not in the fleet");
    assertQuiet(false);
  }

  private void choose(String list, String value) {
    browser.run(
        "const o = document.getElementById(arguments[0]); o.value = arguments[1];"
            + " o.dispatchEvent(new Event('change'))",
        list,
        value);
  }

  @Test
  void eachOrderAndStateAndTheKeyOfTheFilter() throws IOException {
    client(dead).close();
    logIn(ADMIN);
    try (Socket client = client(echo)) {
      client.getOutputStream().write(1);
      browser.await("#rows tr:first-child", "dead");
      choose("order", "sessions");
      browser.await("#rows tr:first-child", "echo");
      choose("order", "failed");
      browser.await("#rows tr:first-child", "dead");
      choose("order", "rate");
      Await.until(
          () -> {
            client.getOutputStream().write(new byte[1000]);
            return browser.text("#rows tr:first-child").contains("echo");
          },
          () -> browser.text("#rows"));
    }
    for (String none : new String[] {"retrying", "draining", "ended", "elsewhere", "faulty"}) {
      choose("state", none);
      browser.await("#none", "No relay is like that");
    }
    assertEquals(
        0, Tool.SLUICE.command("fleet", "stop", "--socket", "s", "r11").in(folder).run().status());
    choose("state", "stopped");
    browser.await("#page", "1–1 of 1");
    browser.await("#rows", "r11");
    choose("state", "running");
    browser.await("#page", "of 43");
    browser.find("body").sendKeys("/");
    assertEquals("text", browser.run("return document.activeElement.id"));
    browser.run("document.querySelector('.skip').click()");
    assertEquals("content", browser.run("return location.hash.slice(1)"));
    assertQuiet(false);
  }

  @Test
  void whatStrangersWriteIntoTheLogIsShownAsText() throws IOException {
    logIn(ADMIN);
    client(odd).close();
    browser.await("#rows tr:first-child", "<b>no</b>");
    browser.open(site + "/#/relay/odd");
    browser.await("#relay .card:last-child", "<b>no</b>\\u202e"); // the log
    browser.await("#relay dl", "\\u001b[31m");
    assertEquals(0L, browser.run("return document.querySelectorAll('#relay b').length"));
    assertFalse(browser.text("#relay").matches("(?s).*[\u202e\u001b].*"), browser.text("#relay"));
    assertQuiet(false);
  }

  @Test
  void theNodesOfAClusterAreShown() throws IOException {
    fleet.close();
    String node = "\"127.0.0.1:" + Server.freePort() + "\"";
    String cluster =
        "cluster { name = edge, bind = " + node + ", seeds = [" + node + "], tls = off }";
    Files.writeString(
        folder.resolve("fleet.conf"), file().replace("pools.web", cluster + "\n  pools.web"));
    fleet = run();
    logIn(ADMIN);
    browser.await("#nodes", "Cluster edge");
    browser.await("#nodes", "(this one)");
    browser.await("#nodes", "up");
    browser.check("the list with nodes");
    assertQuiet(false);
  }

  @Test
  void aFailureIsSeenWithinTwoSeconds() throws IOException {
    logIn(ADMIN);
    browser.await("#rows", "dead");
    browser.run(
        "new MutationObserver(() => {"
            + " if (!window.seen && rows.innerText.includes('Connection refused'))"
            + " window.seen = document.body.dataset.heard; })"
            + ".observe(document.body, {childList: true, subtree: true, characterData: true})");
    client(dead).close();
    browser.await("#rows tr:first-child", "Connection refused");
    Instant seen = Instant.parse(String.valueOf(browser.run("return window.seen")));
    String log =
        Tool.SLUICE
            .command("fleet", "log", "--socket", "s", "--json", "dead")
            .in(folder)
            .run()
            .stdout();
    Matcher failed = Pattern.compile("\"time\":\"([^\"]+)\"[^}]*Connection refused").matcher(log);
    assertTrue(failed.find(), log);
    Duration late = Duration.between(Instant.parse(failed.group(1)), seen);
    assertTrue(late.compareTo(Duration.ofSeconds(2)) <= 0, "seen after " + late);
    browser.open(site + "/#/relay/dead");
    browser.await("#relay .card:last-child", "Connection refused"); // the log
    assertQuiet(false);
  }

  @Test
  void faultsAreSwitchedOnAndOff() throws IOException {
    logIn(ADMIN);
    browser.open(site + "/#/relay/echo");
    browser.await("#relay", "Faults on purpose");
    browser.type("[aria-label=Fault]", "stall");
    browser.click("#relay form button");
    browser.await("#question", "Have all sessions of echo suffer stall?");
    browser.click("#ask button[value=no]");
    browser.await("#relay", "None.");
    browser.click("#relay form button");
    browser.click("#yes");
    browser.await(".faults", "stall");
    browser.await("#relay .log", "has the faults stall");
    browser.check("a relay with a fault");
    try (Socket client = client(echo)) {
      client.getOutputStream().write("held\n".getBytes(StandardCharsets.US_ASCII));
      browser.await("#relay", "1 now");
      browser.open(site + "/#/");
      browser.await("#rows tr:first-child", "dead");
      browser.await("#rows", "fault stall");
      browser.run("state.value = 'faulty'; state.dispatchEvent(new Event('change'))");
      browser.await("#page", "1–1 of 1");
      browser.check("the list with a fault");
      browser.open(site + "/#/relay/echo");
      browser.await(".faults", "stall");
      browser.click(".faults button");
      browser.await("#question", "suffer stall any more?");
      browser.click("#yes");
      assertEquals(
          "held\n", new String(client.getInputStream().readNBytes(5), StandardCharsets.US_ASCII));
    }
    browser.await("#relay", "None.");
    browser.type("[aria-label=Fault]", "lag:1s");
    browser.click("#relay form button");
    browser.click("#yes");
    browser.await("#relay [role=alert]", "there is no such fault");
    browser.type("[aria-label=Fault]", "latency:1ms");
    browser.click("#relay form button");
    browser.click("#yes");
    browser.await("#relay", "Set by hand.");
    browser.run(
        "[...document.querySelectorAll('#relay button')]"
            + ".find(b => b.innerText === 'As the file says').click()");
    browser.click("#yes");
    browser.awaitNo("#relay", "Set by hand.");
    assertEquals(
        List.of(),
        browser.log().stream()
            .filter(line -> line.startsWith("SEVERE") && !line.contains("status of 400"))
            .toList());
  }

  @Test
  void theFileIsPlannedAndApplied() throws IOException {
    logIn(ADMIN);
    browser.open(site + "/#/file");
    Await.until(
        () -> String.valueOf(browser.run("return source.value")).contains("POOL:web"),
        () -> browser.log().toString());
    browser.check("the file");
    edit("dead {", "dead { colour = red, ");
    browser.click("#plan");
    browser.await("#outcome", "fleet.conf:9: ");
    browser.await("#outcome", "unknown key \"colour\"");
    assertTrue(browser.log().toString().contains("status of 400"));
    assertFalse(browser.find("#apply").isEnabled());
    edit("colour = red, ", "max-sessions = 7, ");
    browser.click("#plan");
    browser.await("#outcome", "dead (max-sessions)");
    assertEquals(file(), Files.readString(folder.resolve("fleet.conf")));
    browser.click("#apply");
    browser.await("#outcome", "What changed: ");
    assertTrue(Files.readString(folder.resolve("fleet.conf")).contains("max-sessions = 7"));
    assertEquals(file(), Files.readString(folder.resolve("fleet.conf.old")));
    try (var left = Files.list(folder)) {
      assertEquals(0, left.filter(one -> one.getFileName().toString().contains("draft")).count());
    }
    edit("max-sessions = 7, ", "max-sessions = 8, ");
    browser.click("#revert");
    Await.until(
        () -> String.valueOf(browser.run("return source.value")).contains("max-sessions = 7"),
        () -> browser.log().toString());
    assertFalse(browser.find("#apply").isEnabled());
    edit("max-sessions = 7, ", "");
    browser.click("#plan");
    browser.await("#outcome", "would change");
    Files.writeString(folder.resolve("fleet.conf"), file().replace("r39", "s39"));
    Tool.SLUICE.command("fleet", "apply", "--socket", "s").in(folder).run();
    browser.click("#apply");
    browser.await("#outcome", "plan once more");
    assertTrue(Files.readString(folder.resolve("fleet.conf")).contains("s39"));
    assertTrue(browser.log().toString().contains("status of 409"));
  }

  private void edit(String from, String to) {
    browser.run(
        "source.value = source.value.replace(arguments[0], arguments[1]);"
            + " source.dispatchEvent(new Event('input'))",
        from,
        to);
  }

  @Test
  void whoMayOnlyReadCanChangeNothingAndAStaleViewIsSaid() throws IOException {
    logIn(READ);
    browser.await("#rows", "echo");
    browser.open(site + "/#/relay/echo");
    browser.await("#relay dl", "running");
    assertFalse(browser.text("#relay .actions").contains("Stop"));
    assertFalse(browser.text("#relay").contains("Switch on"));
    assertEquals(
        403L,
        browser.run(
            "return fetch('/v1/relays:stop?name=echo', {method: 'POST'}).then(a => a.status)"));
    assertEquals(403L, browser.run("return fetch('/v1/file').then(a => a.status)"));
    browser.log();
    fleet.close();
    browser.await("#stale", "No word from the fleet");
    fleet = run();
    Await.until(
        () -> browser.url().endsWith("/login"),
        browser::url); // the cookie has ended with the fleet
    logIn(ADMIN);
    browser.await("#rows", "echo");
    browser.click("#logout button");
    Await.until(() -> browser.url().endsWith("/login"), browser::url);
    browser.open(site + "/");
    assertEquals(site + "/login", browser.url());
    assertQuiet(true);
  }
}
