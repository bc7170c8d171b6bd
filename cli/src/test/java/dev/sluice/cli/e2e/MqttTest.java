package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Topics of a real broker: Debian's mosquitto. */
class MqttTest {
  @TempDir private Path folder;
  private MosquittoBroker broker;

  @BeforeEach
  void startBroker() throws IOException {
    broker =
        MosquittoBroker.start(
            folder, "allow_anonymous true\nmax_queued_messages 0\nlog_type all\n");
  }

  @AfterEach
  void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  private String topic(String name) {
    return "MQTT:127.0.0.1:" + broker.port() + "/" + name;
  }

  private static void write(String address, String text) {
    Outcome outcome = Tool.OURS.command("-u", "-", address).input(text).run();
    assertEquals(0, outcome.status(), outcome.stderr());
  }

  private static String lines(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> String.format("%099d%n", i))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource({"5,1", "5,2", "3,1", "3,2"})
  void messagesKeepTheirOrder(int version, int qos) {
    String options = ",framing=lines,version=" + version + ",qos=" + qos;
    String text = lines(2000);
    String reader = topic("house/#") + options + ",readbytes=" + text.length();
    try (Run run = Tool.OURS.command("-u", reader, "-").start()) {
      broker.awaitLog("SUBACK");
      write(topic("house/door") + options, text);
      Outcome outcome = run.await();
      assertEquals(text, outcome.stdout());
      assertEquals(0, outcome.status(), outcome.stderr());
    }
  }

  @Test
  void whatIsRetainedComesToThoseWhoComeLater() {
    write(topic("state") + ",retain", "on");
    Outcome outcome =
        Tool.OURS.command("-u", topic("state") + ",framing=json,readbytes=40", "-").run();
    assertTrue(outcome.stdout().contains("\"retained\":true"), outcome.stdout());
  }

  @Test
  void theWillIsSentForOneThatIsLost() {
    try (Run reader = Tool.OURS.command("-u", topic("will") + ",framing=lines", "-").start()) {
      broker.awaitLog("SUBACK");
      try (Run lost =
          Tool.OURS.command("-u", "-", topic("x") + ",will=will=gone").openInput().start()) {
        lost.send("here");
        broker.awaitLog("PUBACK");
        lost.signal("KILL");
      }
      reader.awaitOutput("gone\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",client-id=reader,session=60", ",client-id=reader,session=60,version=3"})
  void aLostBrokerIsAFailure(String session) {
    try (Run reader = Tool.OURS.command("-u", topic("x") + session, "-").start()) {
      broker.awaitLog("SUBACK");
      broker.close();
      assertEquals(1, reader.await().status());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ",client-id=writer,session=60", ",client-id=writer,session=60,version=3"})
  void aBrokerThatIsLostBeforeItHasConfirmedIsAFailure(String session) throws IOException {
    try (Run writer = Tool.OURS.command("-u", "-", topic("x") + session).openInput().start()) {
      writer.send("first");
      broker.awaitLog("PUBACK");
      broker.pause();
      writer.send("second");
      writer.endInput();
      broker.close();
      assertEquals(1, writer.await().status());
    }
  }

  /** The broker sends them before the relay has asked for its topic again. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void aSessionKeepsWhatComesMeanwhile(int version) {
    String reader = topic("kept") + ",framing=lines,client-id=reader,session=60,version=" + version;
    try (Run first = Tool.OURS.command("-u", reader, "-").start()) {
      broker.awaitLog("SUBACK");
      first.stop("TERM");
    }
    String text = lines(100);
    write(topic("kept") + ",framing=lines", text);
    Outcome outcome = Tool.OURS.command("-u", reader + ",readbytes=" + text.length(), "-").run();
    assertEquals(text, outcome.stdout());
  }

  /** What has come to the relay, and not to its other side, comes again. */
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void whatWasNotTakenComesAgain(int version) {
    String reader = topic("left") + ",framing=lines,client-id=reader,session=60,version=" + version;
    String text = lines(100);
    Outcome part;
    try (Run first = Tool.OURS.command("-u", reader + ",readbytes=1000", "-").start()) {
      broker.awaitLog("SUBACK");
      write(topic("left") + ",framing=lines", text);
      part = first.await();
    }
    try (Run second = Tool.OURS.command("-u", reader, "-").start()) {
      second.awaitOutput("0099\n");
      String all = part.stdout() + second.stop("TERM").stdout();
      assertTrue(text.lines().allMatch(all::contains), all);
    }
  }

  @Test
  void whatIsWrongIsTold() {
    assertError("MQTT:127.0.0.1:" + Server.freePort() + "/x", "Connection refused");
    assertError(topic(""), "names no topic");
    assertError(topic("x") + ",qos=3", "option qos is 0, 1 or 2");
    Outcome filter = Tool.OURS.command("-u", "-", topic("x/#")).run();
    assertTrue(filter.stderr().contains("nothing can be written to a filter"), filter.stderr());
  }

  private static void assertError(String address, String message) {
    Outcome outcome = Tool.OURS.command("-u", address, "-").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void theRecipeWorks() {
    ConnectorRecipe recipe = ConnectorRecipe.of("MQTT").at("localhost:1883", broker.port());
    recipe.type(0, folder);
    assertEquals("open\n", recipe.type(1, folder));
  }
}
