package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queues of a real broker: Debian's rabbitmq-server. */
class AmqpTest {
  @TempDir static Path folder;
  private static RabbitBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = RabbitBroker.start(folder);
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  private static String queue(String name) {
    return "AMQP:127.0.0.1:" + broker.port() + "/" + name;
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

  /** What a writer was told to be there is there after a failure of power. */
  @Test
  void aBrokerThatDiesKeepsWhatItHasConfirmed(@TempDir Path other) throws IOException {
    try (RabbitBroker mortal = RabbitBroker.start(other)) {
      String queue = "AMQP:127.0.0.1:" + mortal.port() + "/kept";
      write(queue + ",declare,framing=lines", lines(5000));
      mortal.kill();
      mortal.restart();
      assertEquals(lines(5000), read(queue + ",framing=lines"));
    }
  }

  @Test
  void aMessageThatNoQueueTakesIsAFailure() {
    write(queue("there") + ",declare,framing=lines", "");
    Outcome outcome =
        Tool.OURS
            .command("-u", "-", queue("there") + ",routing-key=nonesuch,framing=lines")
            .input(lines(3))
            .run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains("no queue takes messages for \"nonesuch\""), outcome.stderr());
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
  void requestsAreAnsweredInTheirOrder() {
    write(queue("rpc") + ",declare,framing=lines", "");
    try (Run server =
        Tool.OURS
            .command("-dd", queue("rpc") + ",reply,framing=lines", "EXEC:'sed -u s/^/re-/'")
            .start()) {
      server.awaitLog("starting data transfer loop");
      for (int i = 0; i < 2; i++) { // the server goes on for the next client
        Outcome client =
            Tool.OURS
                .command("-t", "30", "-", queue("rpc") + ",request,framing=lines")
                .input(lines(300))
                .run();
        assertEquals(0, client.status(), client.stderr());
        assertEquals(lines(300).replaceAll("(?m)^(?=.)", "re-"), client.stdout());
      }
    }
    assertEquals("", read(queue("rpc")), "a request that was answered comes no more");
  }

  /** A server that dies has answered nothing of what it had in hand. */
  @Test
  void aRequestThatWasNotAnsweredComesAgain() {
    write(queue("rpc2") + ",declare,framing=lines", "");
    try (Run client =
            Tool.OURS
                .command("-t", "60", "-", queue("rpc2") + ",request,framing=lines")
                .input("one\ntwo\n")
                .start();
        Run silent =
            Tool.OURS
                .command(
                    "-v", queue("rpc2") + ",reply,framing=lines", "SYSTEM:'exec cat >/dev/null'")
                .start()) {
      silent.awaitLog("two");
      silent.signal("KILL");
      silent.await();
      try (Run server =
          Tool.OURS.command(queue("rpc2") + ",reply,framing=lines", "EXEC:'sed -u p'").start()) {
        Outcome outcome = client.await();
        assertEquals("one\none\n", outcome.stdout(), server.log());
      }
    }
  }

  @Test
  void whatIsWrongIsTold() {
    assertError(queue("nonesuch"), "NOT_FOUND - no queue 'nonesuch'");
    assertError(queue("lines") + ",user=x", "ACCESS_REFUSED");
    assertError("AMQP:127.0.0.1:" + Server.freePort() + "/q", "Connection refused");
    assertError("AMQP:127.0.0.1", "names no queue");
    assertError(queue("lines") + ",request", "option request needs both directions");
    assertError(queue("lines") + ",password=x,password-file=y", "exclude each other");
    assertError(queue("lines") + ",password-file=none", "option password-file=none");
  }

  private static void assertError(String address, String message) {
    Outcome outcome = Tool.OURS.command("-u", address, "-").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void theRecipeWorks() {
    ConnectorRecipe recipe = ConnectorRecipe.of("AMQP").at("localhost:5672", broker.port());
    recipe.type(0, folder);
    assertEquals("one\ntwo\n", recipe.type(1, folder));
  }
}
