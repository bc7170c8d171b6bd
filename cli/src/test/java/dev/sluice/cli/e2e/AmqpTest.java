package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues of a real broker: Debian's rabbitmq-server. */
class AmqpTest {
  private static final Path SERVER = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  @TempDir static Path folder;
  private static final int PORT = Server.freePort();
  private static final int NAMES = Server.freePort();
  private static Process broker;

  @BeforeAll
  static void startBroker() throws IOException {
    Assumptions.assumeTrue(Files.exists(SERVER), "rabbitmq-server is not installed");
    Files.writeString(
        folder.resolve("rabbitmq.conf"), "listeners.tcp.1 = 127.0.0.1:" + PORT + "\n");
    Files.writeString(folder.resolve("plugins"), "[].\n");
    ProcessBuilder builder = new ProcessBuilder(SERVER.toString());
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", folder.toString(),
                "RABBITMQ_NODENAME", "sluice" + PORT + "@localhost",
                "RABBITMQ_MNESIA_BASE", folder.resolve("data").toString(),
                "RABBITMQ_LOG_BASE", folder.resolve("log").toString(),
                "RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString(),
                "RABBITMQ_ENABLED_PLUGINS_FILE", folder.resolve("plugins").toString(),
                "RABBITMQ_PID_FILE", folder.resolve("pid").toString(),
                "RABBITMQ_DIST_PORT", Server.freePort() + "",
                "ERL_EPMD_PORT", NAMES + ""));
    broker =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
    Await.until(
        () -> Files.readString(folder.resolve("out")).contains("completed with"),
        () -> "rabbitmq-server to start; " + folder.resolve("out"));
  }

  @AfterAll
  static void stopBroker() throws Exception {
    if (broker != null) {
      broker.descendants().forEach(ProcessHandle::destroyForcibly);
      broker.destroyForcibly().waitFor();
      // the name server goes only once it has noticed that the broker is gone
      Await.until(() -> stopNames().contains("Killed"), () -> "epmd to end");
    }
  }

  private static String stopNames() throws IOException {
    Process epmd =
        new ProcessBuilder("epmd", "-port", NAMES + "", "-kill").redirectErrorStream(true).start();
    return new String(epmd.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private static String queue(String name) {
    return "AMQP:127.0.0.1:" + PORT + "/" + name;
  }

  private static void write(String address, String text) {
    Outcome outcome = Tool.OURS.command("-u", "-", address).input(text).run();
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  private static String read(String address) {
    Outcome outcome = Tool.OURS.command("-u", address + ",eof", "-").run();
    assertEquals(0, outcome.status(), outcome.stderr());
    return outcome.stdout();
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.format("%099d%n", i))
        .collect(Collectors.joining());
  }

  @Test
  void linesKeepTheirOrderAndAreGoneThen() {
    String text = lines(20_000);
    write(queue("lines") + ",declare,framing=lines", text);
    assertEquals(text, read(queue("lines") + ",framing=lines"));
    assertEquals("", read(queue("lines") + ",framing=lines"));
  }

  @Test
  void bytesComeBackAsTheyWere() throws IOException {
    byte[] data = new byte[10_000_000];
    new Random(5).nextBytes(data);
    Path in = Files.write(folder.resolve("in"), data);
    Path out = folder.resolve("copy");
    Outcome there =
        Tool.OURS.command("-u", "-b", "65536", "OPEN:" + in, queue("bytes") + ",declare").run();
    assertEquals(0, there.status(), there.stderr());
    Outcome back = Tool.OURS.command("-u", queue("bytes") + ",eof", "CREATE:" + out).run();
    assertEquals(0, back.status(), back.stderr());
    assertEquals(-1, Files.mismatch(in, out));
  }

  @Test
  void whatTheOtherSideDidNotTakeComesAgain() {
    String topic = queue("again");
    write(topic + ",declare,framing=lines", lines(1000));
    try (Server closing = Server.serving(connection -> connection.setSoLinger(true, 0));
        Run run = Tool.OURS.command("-u", topic + ",framing=lines", closing.address()).start()) {
      assertTrue(run.await().status() != 0, "the other side is gone");
    }
    String rest = read(topic + ",framing=json");
    assertTrue(rest.lines().count() > 0 && rest.contains("\"redelivered\":true"), rest);
  }

  @Test
  void queuesFeedQueuesInOrder() {
    write(queue("from") + ",declare,framing=lines", lines(200));
    write(queue("to") + ",declare,framing=lines", "");
    Outcome outcome = Tool.OURS.command("-u", queue("from") + ",eof", queue("to")).run();
    assertEquals(0, outcome.status(), outcome.stderr());
    assertEquals(lines(200), read(queue("to") + ",framing=lines"));
    assertEquals("", read(queue("from")));
  }

  @Test
  void whatIsWrongIsTold() {
    assertError(queue("nonesuch"), "NOT_FOUND - no queue 'nonesuch'");
    assertError(queue("lines") + ",user=x", "ACCESS_REFUSED");
    assertError("AMQP:127.0.0.1:" + Server.freePort() + "/q", "Connection refused");
    assertError("AMQP:127.0.0.1", "names no queue");
  }

  private static void assertError(String address, String message) {
    Outcome outcome = Tool.OURS.command("-u", address, "-").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void theRecipeWorks() {
    ConnectorRecipe recipe = ConnectorRecipe.of("AMQP").at("localhost:5672", PORT);
    recipe.type(0, folder);
    assertEquals("one\ntwo\n", recipe.type(1, folder));
  }
}
