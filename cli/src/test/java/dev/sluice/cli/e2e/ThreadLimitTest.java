package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A host that gives the relay's user few threads, and clients that would have one each. */
class ThreadLimitTest {
  private static final int LIMIT = 120;

  /** The limit is that of a user whom nobody else is; root has none. */
  private Run limited(String... words) throws Exception {
    Programs.assumeInstalled("setpriv");
    Path real = Tool.OURS.program().toRealPath();
    List<String> all =
        new ArrayList<>(List.of("--reuid=64123", "--regid=64123", "--clear-groups", "" + real));
    all.addAll(List.of(words));
    Run run =
        new Tool("setpriv", Path.of("/usr/bin/setpriv"))
            .command(all.toArray(String[]::new))
            .env("HOME", "/nonexistent")
            .after("ulimit -u " + LIMIT)
            .start();
    try {
      run.awaitLog("listening on");
    } catch (AssertionError e) {
      Assumptions.assumeFalse(
          String.valueOf(e.getMessage()).matches("(?s).*(Permission|not permitted).*"),
          "not root, or where others don't see the build");
      throw e;
    }
    return run;
  }

  private static long pollers(Run run) throws IOException {
    try (var tasks = Files.list(Path.of("/proc/" + run.pid() + "/task"))) {
      return tasks.filter(task -> nameOf(task).startsWith("poller-")).count();
    }
  }

  private static String nameOf(Path task) {
    try {
      return Files.readString(task.resolve("comm"));
    } catch (IOException e) {
      return "";
    }
  }

  private static void assertServed(Run run, int port) {
    Await.until(
        () -> Client.exchange(port, "again").equals("again"), () -> "a client that is served");
    assertTrue(run.isAlive());
  }

  /** Each session has two threads for its transfers, as long as it lives. */
  @Test
  void sessionsThatGetNoThreadEndAndTheNextIsServed() throws Exception {
    int port = Server.freePort();
    String left = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=500";
    try (Run run = limited("-d", "-d", left, "PIPE,ignoreeof")) {
      for (int i = 0; i < 4; i++) {
        assertEquals("probe", Client.exchange(port, "probe")); // pollers start as they are needed
      }
      long before = pollers(run);
      List<Client> many = new ArrayList<>();
      for (int i = 0; i < 2 * LIMIT; i++) {
        many.add(new Client(port));
      }
      run.awaitLog("no thread can be started");
      assertEquals(before, pollers(run), "pollers");
      for (Client client : many) {
        client.close();
      }
      assertServed(run, port);
    }
  }
}
