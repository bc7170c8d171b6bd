package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the dashboard shows, in a real browser. */
@Timeout(300)
class DashboardTest extends DashboardFixture {
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
}
