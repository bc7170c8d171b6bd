package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Topics of a real broker. */
class KafkaTest {
  @TempDir static Path folder;
  private static KafkaBroker broker;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = KafkaBroker.start(folder.resolve("broker"));
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  private static String lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> String.format("line %090d%n", i))
        .collect(Collectors.joining());
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

  @Test
  void linesKeepTheirOrder() {
    String text = lines(0, 50_000);
    write(broker.topic("lines") + ",create,framing=lines,compression=lz4", text);
    assertEquals(text, read(broker.topic("lines") + ",framing=lines"));
  }

  @Test
  void bytesComeBackAsTheyWere() throws IOException {
    byte[] data = new byte[20_000_000];
    new Random(3).nextBytes(data);
    Path in = Files.write(folder.resolve("in"), data);
    Path out = folder.resolve("out");
    Outcome there =
        Tool.OURS.command("-u", "OPEN:" + in, broker.topic("bytes") + ",create,framing=raw").run();
    assertEquals(0, there.status(), there.stderr());
    Outcome back = Tool.OURS.command("-u", broker.topic("bytes") + ",eof", "CREATE:" + out).run();
    assertEquals(0, back.status(), back.stderr());
    assertEquals(-1, Files.mismatch(in, out));
  }

  @Test
  void framesTellWhereMessagesEnd() {
    String topic = broker.topic("frames");
    write(topic + ",create,framing=len32", "\0\0\0\5a\nb\0c\0\0\0\0\0\0\0\1z");
    assertEquals("\0\0\0\5a\nb\0c\0\0\0\0\0\0\0\1z", read(topic + ",framing=len32"));
    assertEquals("YQpiAGM=\n\neg==\n", read(topic + ",framing=base64"));
    Outcome cut = Tool.OURS.command("-u", "-", topic + ",framing=len32").input("\0\0\0\5ab").run();
    assertTrue(cut.stderr().contains("the data end within a message"), cut.stderr());
    assertEquals(1, cut.status());
  }

  @Test
  void jsonTellsWhatIsKnownOfAMessage() {
    String topic = broker.topic("json");
    write(
        topic + ",create=2,framing=json,header=all=yes",
        "{\"value\":\"one\",\"key\":\"k\",\"partition\":1,\"headers\":{\"a\":\"b\"}}\n");
    String json = read(topic + ",framing=json");
    for (String part :
        List.of(
            "\"value\":\"one\"",
            "\"key\":\"k\"",
            "\"partition\":1",
            "\"offset\":0",
            "\"a\":\"b\"",
            "\"all\":\"yes\"")) {
      assertTrue(json.contains(part), json);
    }
    Outcome wrong = Tool.OURS.command("-u", "-", topic + ",framing=json").input("{oops\n").run();
    assertTrue(wrong.stderr().contains("a line is no JSON object"), wrong.stderr());
    assertEquals(1, wrong.status());
  }

  @Test
  void aGroupGoesOnWhereTheOtherSideHadTakenAll() {
    String topic = broker.topic("group");
    write(topic + ",create,framing=lines", "one\ntwo\n");
    assertEquals("one\ntwo\n", read(topic + ",framing=lines,group=g"));
    write(topic + ",framing=lines", "three\n");
    assertEquals("three\n", read(topic + ",framing=lines,group=g"));
    assertEquals("", read(topic + ",framing=lines,group=g"));
  }

  /** What a reader that stalls had in its buffers is not lost when the relay dies. */
  @Test
  void whatWasNotTakenComesAgain() {
    String topic = broker.topic("again");
    String all = lines(0, 100_000);
    write(topic + ",create,framing=lines", all);
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> killed = new CompletableFuture<>();
    CompletableFuture<Integer> received = new CompletableFuture<>();
    try (Server stalled =
            Server.serving(
                connection -> {
                  int first = connection.getInputStream().readNBytes(1).length;
                  begun.complete(null);
                  killed.join();
                  received.complete(first + connection.getInputStream().readAllBytes().length);
                });
        Run run =
            Tool.OURS
                .command("-u", topic + ",framing=lines,group=stalled", stalled.address())
                .start()) {
      Await.result(begun);
      run.signal("KILL");
      run.await();
      killed.complete(null);
      String rest = read(topic + ",framing=lines,group=stalled");
      assertTrue(all.endsWith(rest), "the rest is not in order");
      int stored = all.length() - rest.length();
      assertTrue(stored <= Await.result(received), stored + " stored, " + received + " received");
    }
  }

  /** The reader may see messages twice, the topic has each once. */
  @Test
  void aBrokerThatDiesLosesNothing() throws IOException {
    String topic = broker.topic("killed");
    write(topic + ",create,framing=lines", lines(0, 1000));
    Path out = folder.resolve("consumed");
    try (Run reader =
            Tool.OURS.command("-u", topic + ",framing=lines,group=k", "CREATE:" + out).start();
        Run writer = Tool.OURS.command("-u", "-", topic + ",framing=lines").openInput().start()) {
      writer.send(lines(1000, 20_000));
      Await.until(() -> Files.exists(out) && Files.size(out) > 200_000, () -> "lines to arrive");
      broker.kill();
      writer.send(lines(20_000, 40_000));
      writer.endInput();
      broker.restart();
      Outcome outcome = writer.await();
      assertEquals(0, outcome.status(), outcome.stderr());
      String all = lines(0, 40_000);
      assertEquals(all, read(topic + ",framing=lines"), "no line lost, doubled or out of order");
      List<String> expected = all.lines().toList();
      Await.until(
          () -> Files.readAllLines(out).stream().distinct().sorted().toList().equals(expected),
          () -> out + " to have every line; " + reader.log());
    }
  }

  @Test
  void whatIsWrongIsToldAtOnce() {
    assertError(broker.topic("none"), "there is no topic none; option create makes it");
    assertError("KAFKA:127.0.0.1:" + Server.freePort() + "/t", "no broker takes a connection");
    assertError("KAFKA:127.0.0.1:9092", "names no topic");
    assertError(broker.topic("t") + ",acks=some", "\"some\" is none of -1, 0, 1, all");
    assertError(broker.topic("t") + ",framing=xml", "is not raw, lines, len32, base64 or json");
    assertError(broker.topic("lines2") + ",create,from=stored", "needs option group");
  }

  private static void assertError(String address, String message) {
    Outcome outcome = Tool.OURS.command("-u", address, "-").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void theRecipeWorks() {
    ConnectorRecipe recipe = ConnectorRecipe.of("KAFKA").at("localhost:9092", broker.port());
    recipe.type(0, folder);
    assertEquals("one\ntwo\n", recipe.type(1, folder));
  }
}
