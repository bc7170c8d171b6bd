package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fleet with the dashboard, and a real browser that looks at it. */
@Timeout(300)
abstract class DashboardFixture {
  static final String ADMIN = "an-admin-token-of-tests";

  static final String READ = "a-read-token-of-tests";

  /** A label that would be bold and a script, and turns the direction of writing. */
  static final String HOSTILE = "<b>bold</b><script>document.title='taken'</script>\u202eright";

  @TempDir Path folder;

  final int port = Server.freePort();

  final int echo = Server.freePort();

  final int web = Server.freePort();

  final int dead = Server.freePort();

  final int odd = Server.freePort();

  final String site = "http://127.0.0.1:" + port;

  Run fleet;

  Browser browser;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("token"), ADMIN);
    Files.writeString(folder.resolve("look"), READ);
    Files.writeString(folder.resolve("fleet.conf"), file());
    fleet = run();
    browser = new Browser(folder.resolve("profile"));
  }

  Run run() {
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

  String file() {
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

  void logIn(String token) {
    browser.open(site + "/");
    assertEquals(site + "/login", browser.url());
    browser.type("#token", token);
    browser.click("button");
    Await.until(() -> browser.url().equals(site + "/"), () -> browser.url() + browser.log());
  }

  Socket client(int to) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), to);
  }

  /** What a page may say: that the server is gone, if it was ended. */
  void assertQuiet(boolean wasEnded) {
    List<String> log =
        browser.log().stream()
            .filter(line -> !wasEnded || !line.matches(".*(net::ERR_|status of 401).*"))
            .filter(line -> line.startsWith("SEVERE"))
            .toList();
    assertEquals(List.of(), log);
  }
}
