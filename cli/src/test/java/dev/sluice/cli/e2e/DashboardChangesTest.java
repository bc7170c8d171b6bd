package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What can be changed from the dashboard, and by whom, in a real browser. */
@Timeout(300)
class DashboardChangesTest extends DashboardFixture {
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
