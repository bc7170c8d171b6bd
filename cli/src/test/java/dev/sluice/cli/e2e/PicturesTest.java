package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of the README show the page as it is: the elements that a picture was made of are
 * kept beside it. With {@code -Dsluice.write-docs=true} the pictures are made anew.
 */
@Timeout(240)
class PicturesTest {
  private static final Path PICTURES = Tool.ROOT.resolve("docs/pictures");
  private static final String TOKEN = "a-token-for-pictures";

  /** What the page consists of: kinds of elements, without texts and numbers. */
  private static final String OUTLINE =
      "return [...new Set([...document.querySelectorAll('body *')].filter(e => e.offsetParent)"
          + ".map(e => e.tagName.toLowerCase() + (e.id ? '#' + e.id : '')"
          + " + [...e.classList].sort().map(c => '.' + c).join('')))].sort().join('\\n')";

  @TempDir Path folder;

  @Test
  void thePicturesAreOfThisPage() throws IOException {
    int port = Server.freePort();
    int echo = Server.freePort();
    int web = Server.freePort();
    int mail = Server.freePort();
    Files.writeString(folder.resolve("token"), TOKEN);
    Files.writeString(
        folder.resolve("fleet.conf"),
        """
        sluice {
          secrets.api.file = token
          admin { listen = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", token = api }
          pools.web { members = ["TCP:127.0.0.1:%d", "TCP:127.0.0.1:1"], check { every = 1s } }
          relays {
            backend  { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = PIPE, group = inside }
            web      { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "POOL:web", group = edge }
            mail     { left = "TCP-LISTEN:%d,bind=127.0.0.1,reuseaddr,fork", right = "TCP:127.0.0.1:1", group = edge }
            database { left = "UNIX-LISTEN:db.sock,fork", right = "PIPE", group = inside }
            metrics  { left = "UNIX-LISTEN:metrics.sock,fork", right = "PIPE", group = inside }
            games    { ports = "5000-5004", left = "UNIX-LISTEN:games-{port}.sock,fork", right = PIPE, group = edge }
          }
        }
        """
            .formatted(port, echo, echo, web, mail));
    try (Run run =
            Tool.SLUICE.command("fleet", "run", "--socket", "s", "fleet.conf").in(folder).start();
        Browser browser = new Browser(folder.resolve("profile"))) {
      Await.until(() -> Files.exists(folder.resolve("s")), run::log);
      Await.until(() -> connects(mail) && connects(web), run::log);
      browser.size(1280, 800);
      String site = "http://127.0.0.1:" + port;
      Await.until(() -> connects(port), run::log);
      browser.open(site + "/login");
      browser.type("#token", TOKEN);
      browser.click("button");
      browser.await("#rows", "Connection refused");
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), web)) {
        Background.start("echo", () -> drain(client));
        OutputStream out = client.getOutputStream();
        Background.start("load", () -> load(out));
        browser.await("#rows", "MiB/s");
        check(browser, "dashboard");
        browser.open(site + "/#/relay/web");
        browser.await("#relay", "Pool web");
        browser.await("#relay", "MiB/s");
        Await.until(
            () -> browser.run("return document.querySelector('.graph canvas')") != null, run::log);
        if (Boolean.getBoolean("sluice.write-docs")) {
          Await.until(() -> hasLine(browser), run::log); // so that the picture shows one
          browser.open(site + "/#/");
          browser.open(site + "/#/relay/web");
          browser.await("#relay", "MiB/s");
        }
        check(browser, "relay");
      }
    }
  }

  private static boolean hasLine(Browser browser) {
    return Boolean.TRUE.equals(
        browser.run(
            "return fetch('/v1/history?span=15m').then(a => a.json()).then(h => h.right.length > 4)"));
  }

  private static boolean connects(int port) {
    try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static void drain(Socket client) {
    byte[] some = new byte[65536];
    try {
      while (client.getInputStream().read(some) >= 0) {}
    } catch (IOException e) {
      return; // the test has closed it
    }
  }

  private static void load(OutputStream out) {
    byte[] some = new byte[200_000];
    try {
      while (true) {
        out.write(some);
      }
    } catch (IOException e) {
      return; // the test has closed it
    }
  }

  private static void check(Browser browser, String name) throws IOException {
    Path outline = PICTURES.resolve(name + ".outline");
    String now = Objects.toString(browser.run(OUTLINE)) + "\n";
    if (Boolean.getBoolean("sluice.write-docs")) {
      Files.createDirectories(PICTURES);
      browser.save(PICTURES.resolve(name + ".png"));
      Files.writeString(outline, now);
      return;
    }
    Path picture = PICTURES.resolve(name + ".png");
    List<String> missing = new ArrayList<>(List.of(now.split("\n", -1)));
    missing.removeAll(List.of(Files.readString(outline).split("\n", -1)));
    assertEquals(
        List.of(), missing, picture + " shows an older page: run with -Dsluice.write-docs=true");
    assertTrue(Files.size(picture) > 1000);
  }
}
