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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pools as users see them: the launcher, a fleet that runs, upstreams that die. */
@Timeout(240)
class FleetPoolTest {
  private static final Duration EVERY = Duration.ofSeconds(1);

  @TempDir Path folder;

  private final int port = Server.freePort();
  private final List<AutoCloseable> started = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable one : started) {
      one.close();
    }
  }

  private <T extends AutoCloseable> T closing(T one) {
    started.add(one);
    return one;
  }

  private Command fleet(String... words) {
    List<String> all = new ArrayList<>(List.of("fleet"));
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

  private Path write(String pool) throws IOException {
    return Files.writeString(
        folder.resolve("fleet.conf"),
        "sluice {\n pools.web {\n"
            + pool
            + "\n }\n relays.in { left = \"TCP-LISTEN:"
            + port
            + ",bind=127.0.0.1,reuseaddr,fork\", right = \"POOL:web\" }\n}\n");
  }

  private Run started(Path file) {
    Run run = closing(fleet("run", file.toString()).start());
    Await.until(() -> told("status").contains("in "), run::log);
    return run;
  }

  private String told(String... words) {
    Outcome outcome = fleet(words).run();
    return outcome.stdout() + outcome.stderr();
  }

  /** An upstream in a process of its own, which greets with its name. */
  private Run upstream(String name, int at) throws IOException {
    Path text = Files.writeString(folder.resolve(name), name);
    Run run =
        closing(
            Tool.SLUICE
                .command(
                    "-U",
                    "TCP-LISTEN:" + at + ",bind=127.0.0.1,reuseaddr,fork",
                    "OPEN:" + text + ",rdonly")
                .start());
    Await.until(() -> name.equals(greeting(at)), run::log);
    return run;
  }

  /** What the peer says before it closes; empty when it says nothing, or is not there. */
  private static String greeting(int at) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), at)) {
      socket.setSoTimeout((int) Await.LIMIT.toMillis());
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * One of two upstreams is killed between two requests of clients that ask without a pause, and
   * comes back.
   */
  @Test
  void noClientSeesThatAnUpstreamWasKilledAndItIsBackWithinTwoChecks() throws Exception {
    int first = Server.freePort();
    int second = Server.freePort();
    Run dying = upstream("one", first);
    upstream("two", second);
    Path file =
        write(
            "members = [\"TCP:127.0.0.1:%d\", \"TCP:127.0.0.1:%d\"]\n".formatted(first, second)
                + "check { every = %dms, rise = 2, fall = 3 }".formatted(EVERY.toMillis()));
    Run run = started(file);
    Await.until(() -> told("pools").matches("(?s).* up .* up .*"), run::log);

    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger asked = new AtomicInteger();
    ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    ReentrantReadWriteLock between = new ReentrantReadWriteLock(true);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread client =
          new Thread(
              () -> {
                while (!over.get()) {
                  between.readLock().lock();
                  try {
                    answers.add(greeting(port));
                    asked.incrementAndGet();
                  } finally {
                    between.readLock().unlock();
                  }
                }
              });
      client.start();
      clients.add(client);
    }
    Await.until(() -> answers.contains("one") && answers.contains("two"), run::log);
    between.writeLock().lock();
    try {
      dying.close(); // kill -9
    } finally {
      between.writeLock().unlock();
    }
    int before = asked.get();
    Await.until(() -> asked.get() > before + 200, run::log);
    assertFalse(answers.contains(""), run::log);
    String down = told(0, "pools");
    assertTrue(down.contains("down") && down.contains("Connection refused"), down);
    assertTrue(told(0, "status").contains("1/2"));

    answers.clear();
    upstream("one", first);
    long back = System.nanoTime();
    Await.until(() -> answers.contains("one"), run::log);
    Duration took = Duration.ofNanos(System.nanoTime() - back);
    over.set(true);
    for (Thread client : clients) {
      client.join();
    }
    assertFalse(answers.contains(""), run::log);
    // the second check begins two intervals after the upstream came, at the latest
    assertTrue(took.compareTo(EVERY.multipliedBy(2).plusMillis(800)) < 0, took::toString);
  }

  @Test
  void membersAreChangedByHandAndThatStaysThroughAnApply() throws Exception {
    int first = Server.freePort();
    int second = Server.freePort();
    upstream("one", first);
    upstream("two", second);
    String members =
        "members = [{ name = a, address = \"TCP:127.0.0.1:%d\" }, { name = b, address = \"TCP:127.0.0.1:%d\" }]\n"
            .formatted(first, second);
    Path file = write(members);
    Run run = started(file);
    assertEquals("changed web a\n", told(0, "member", "web", "a", "--drain", "--weight", "3"));
    for (int i = 0; i < 4; i++) {
      assertEquals("two", greeting(port), run.log());
    }
    assertEquals("by hand: pool web, member a: weight 3, drain\n=1 (version 1)\n", told(0, "plan"));
    write(members + "balance = least-sessions\n");
    assertEquals(
        "~ pool web (balance): in place; sessions stay\n"
            + "by hand: pool web, member a: weight 3, drain\n"
            + "=1 ~1 pool (version 1)\n",
        told(0, "plan"));
    told(0, "apply");
    assertTrue(told(0, "pools").matches("(?s).*web +a +drain +3 .*weight 3, drain.*"));
    assertEquals("two", greeting(port));
    told(0, "member", "web", "*", "--ready", "--weight", "file");
    assertEquals("=1 (version 2)\n", told(0, "plan"));
    assertTrue(told(1, "member", "web", "c", "--ready").contains("no member that is called that"));
    assertTrue(told(1, "member", "none", "c", "--ready").contains("pool none has no member"));
    assertTrue(told(1, "member", "web", "a", "--weight", "x").contains("weight is not a number"));
    assertTrue(told(1, "member", "web", "a").contains("needs --weight"));
  }

  @Test
  void whatIsWrongWithAPoolIsSaidWithItsLine() throws Exception {
    Path file =
        write(
            """
              balance = fastest
              members = ["TCP:127.0.0.1:1",
                "TCP:127.0.0.1:2,retry=3",
                "TCP:127.0.0.1",
                "POOL:web",
                { address = "TCP:127.0.0.1:3", weight = 5000 },
                "TCP:127.0.0.1:1"]
              check { every = 5, ask = on }\
            """);
    String said = told(1, "check", file.toString());
    assertTrue(said.contains(":3: pool web: balance \"fastest\" is not round-robin"), said);
    assertTrue(said.contains(":8: pool web: member: weight is more than 1000"), said);
    assertTrue(said.contains(":9: pool web: member TCP:127.0.0.1:1 is there twice"), said);
    assertTrue(said.contains("check: every \"5\" is not a time"), said);
    assertTrue(said.contains("unknown key \"ask\""), said);
    file =
        write(
            """
              members = ["TCP:127.0.0.1:1",
                "TCP:127.0.0.1:2,retry=3",
                "TCP:127.0.0.1",
                "POOL:web"]\
            """);
    said = told(1, "check", file.toString());
    assertTrue(said.contains(":4: pool web: \"TCP:127.0.0.1:2,retry=3\": option retry"), said);
    assertTrue(said.contains(":5: pool web: \"TCP:127.0.0.1\": TCP: wrong number"), said);
    assertTrue(said.contains(":6: pool web: \"POOL:web\": a pool can't be a member"), said);
    file = write("members = [\"TCP:127.0.0.1:1\"]");
    Files.writeString(file, Files.readString(file).replace("POOL:web", "POOL:wbe"));
    said = told(1, "check", file.toString());
    assertTrue(said.contains("relay in: there is no pool wbe; hint: there are web"), said);
  }

  @Test
  void aRelayIsReadyOnceAMemberHasAnsweredAndFailsWhenAllAreDown() throws Exception {
    int first = Server.freePort();
    Path file = write("members = [\"TCP:127.0.0.1:" + first + "\"]\n check { every = 200ms }");
    Run run = started(file);
    Await.until(() -> told("status").contains("0/1"), run::log);
    assertTrue(told(2, "status", "--failing").contains("Connection refused"), run::log);
    assertTrue(curl("/readyz").contains("in: upstream fails"));
    assertTrue(told(2, "pools").contains("down"));
    upstream("one", first);
    Await.until(() -> curl("/readyz").equals("ok\n"), run::log);
    assertEquals("one", greeting(port));
    String metrics = curl("/metrics");
    assertTrue(
        metrics.contains(
            "sluice_member_up{pool=\"web\",member=\"TCP:127.0.0.1:" + first + "\"} 1\n"),
        metrics);
    assertTrue(curl("/v1/pools/web").contains("\"state\":\"up\""));
    assertTrue(curl("/v1/pools/none").contains("there is no pool none"));
  }

  @Test
  void aPoolOfManyDeadMembersCostsASessionAndShowsNoSecret() throws Exception {
    int dead = Server.freePort();
    StringBuilder members = new StringBuilder("members = [");
    for (int i = 0; i < 256; i++) {
      members.append("{ name = m").append(i).append(", address = \"TCP:{secret:h}:");
      members.append(dead).append("\" }\n");
    }
    Path file = write(members + "]\n check { every = 200ms }");
    Files.writeString(
        file, Files.readString(file).replace("sluice {", "sluice { secrets.h.file = \"h\""));
    Files.writeString(folder.resolve("h"), "127.0.0.1");
    Run run = closing(fleet("run", file.toString()).start());
    Await.until(() -> told("pools").contains(" down "), run::log);
    for (int i = 0; i < 3; i++) {
      assertEquals("", greeting(port));
    }
    run.awaitLog("in: .*no member answers");
    String shown = told("pools", "--json") + told("status", "--json") + told("log") + run.log();
    assertTrue(shown.contains("Connection refused"), shown);
    assertFalse(shown.contains("TCP:127.0.0.1:" + dead), "a secret is shown");
    assertTrue(run.isAlive());
  }

  private String curl(String path) {
    try {
      Process process =
          new ProcessBuilder(
                  "curl", "-sS", "--unix-socket", folder.resolve("s").toString(), "http://x" + path)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
