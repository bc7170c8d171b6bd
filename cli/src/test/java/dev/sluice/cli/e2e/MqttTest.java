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

  @ParameterizedTest
  @CsvSource({"5,1", "5,2", "3,1", "3,2"})
  void messagesKeepTheirOrder(int version, int qos) {
    String options = ",framing=lines,version=" + version + ",qos=" + qos;
    String text =
        IntStream.range(0, 2000)
            .mapToObj(i -> String.format("%099d%n", i))
            .collect(Collectors.joining());
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

  @Test
  void aLostBrokerIsAFailure() {
    try (Run reader = Tool.OURS.command("-u", topic("x"), "-").start()) {
      broker.awaitLog("SUBACK");
      broker.close();
      assertEquals(1, reader.await().status());
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
