package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
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
  private final int port = Server.freePort();
  private Process broker;

  @BeforeEach
  void startBroker() throws IOException {
    Programs.assumeInstalled("mosquitto");
    Path settings =
        Files.writeString(
            folder.resolve("mosquitto.conf"),
            "listener "
                + port
                + " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_type all\n");
    broker =
        new ProcessBuilder(
                Programs.find("mosquitto").orElseThrow().toString(), "-c", settings.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Await.until(() -> RealProxyTest.takesConnections(port), () -> "mosquitto to listen");
  }

  @AfterEach
  void stopBroker() {
    if (broker != null) {
      broker.destroy();
    }
  }

  private String topic(String name) {
    return "MQTT:127.0.0.1:" + port + "/" + name;
  }

  private void awaitBrokerLog(String text) {
    Await.until(() -> Files.readString(folder.resolve("log")).contains(text), () -> text);
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
      awaitBrokerLog("SUBACK");
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
      awaitBrokerLog("SUBACK");
      try (Run lost =
          Tool.OURS.command("-u", "-", topic("x") + ",will=will=gone").openInput().start()) {
        lost.send("here");
        awaitBrokerLog("PUBACK");
        lost.signal("KILL");
      }
      reader.awaitOutput("gone\n");
    }
  }

  @Test
  void aLostBrokerIsAFailure() {
    try (Run reader = Tool.OURS.command("-u", topic("x"), "-").start()) {
      awaitBrokerLog("SUBACK");
      broker.destroyForcibly();
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
    ConnectorRecipe recipe = ConnectorRecipe.of("MQTT").at("localhost:1883", port);
    recipe.type(0, folder);
    assertEquals("open\n", recipe.type(1, folder));
  }
}
