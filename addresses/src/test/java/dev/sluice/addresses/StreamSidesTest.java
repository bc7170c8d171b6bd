package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.Side;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.SlowReader;
import dev.sluice.testkit.TestClient;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays between addresses and streams of one's own. */
class StreamSidesTest {
  private static final String LISTEN = "TCP-LISTEN:0,bind=127.0.0.1,fork";
  private static final ByteString BLOCK = ByteString.fromArray(new byte[10_000]);

  @RegisterExtension final RelayExtension relays = new RelayExtension();
  @TempDir Path folder;

  private static Side upperCase() {
    return Side.flow(
        Flow.of(ByteString.class)
            .map(bytes -> ByteString.fromString(bytes.utf8String().toUpperCase(Locale.ROOT))));
  }

  private static Sink<ByteString, CompletionStage<Done>> into(CompletableFuture<String> text) {
    return Flow.of(ByteString.class)
        .fold(ByteString.emptyByteString(), ByteString::concat)
        .map(bytes -> text.complete(bytes.utf8String()))
        .watchTermination(
            (none, done) -> {
              done.whenComplete(
                  (value, failure) -> {
                    if (failure != null) {
                      text.completeExceptionally(failure);
                    }
                  });
              return done;
            })
        .to(Sink.ignore());
  }

  /** Who acknowledges what it gives takes it as an answer to be asked for more. */
  @Test
  void aSourceIsAskedForNoMoreThanTheSinkHasTaken() {
    AtomicLong given = new AtomicLong();
    List<Long> givenAtEachAnswer = Collections.synchronizedList(new ArrayList<>());
    CompletableFuture<List<Long>> three = new CompletableFuture<>();
    Source<ByteString, ?> endless =
        Source.repeat(BLOCK)
            .map(
                block -> {
                  given.incrementAndGet();
                  return block;
                });
    Sink<ByteString, CompletionStage<Done>> answering =
        Flow.of(ByteString.class)
            .mapAsync(1, block -> CompletableFuture.supplyAsync(() -> block))
            .map(
                block -> {
                  givenAtEachAnswer.add(given.get());
                  if (givenAtEachAnswer.size() == 3) {
                    three.complete(List.copyOf(givenAtEachAnswer));
                  }
                  return block;
                })
            .toMat(Sink.ignore(), Keep.right());
    relays.start(Relay.between(Side.source(endless), Side.sink(answering)));
    assertEquals(List.of(1L, 2L, 3L), RelayExtension.await(three));
  }

  @Test
  void eachSessionHasAFlowOfItsOwn() {
    RelayHandle relay = relays.start(Relay.between(Side.address(LISTEN), upperCase()));
    try (TestClient first = relays.connect(relay);
        TestClient second = relays.connect(relay)) {
      assertEquals("ONE", first.send("one").endOutput().receiveAll());
      assertEquals("TWO", second.send("two").endOutput().receiveAll());
    }
  }

  @Test
  void aFlowMayBeTheLeftSide() {
    Path out = folder.resolve("out");
    CompletableFuture<String> text = new CompletableFuture<>();
    RelayHandle relay =
        relays.start(
            Relay.between(
                Side.of(Source.single(ByteString.fromString("hello")), into(text)),
                Side.address("SYSTEM:'tee " + out + "'")));
    assertEquals("hello", RelayExtension.await(text));
    assertEquals(0, RelayExtension.await(relay.ended()).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP-LISTEN:0,bind=127.0.0.1,fork,readbytes=3",
        "TCP-LISTEN:0,bind=127.0.0.1,fork,escape=52"
      })
  void whatEndsTheDataOfTheOtherSideCompletesTheSink(String listen) {
    CompletableFuture<String> text = new CompletableFuture<>();
    RelayHandle relay = relays.start(Relay.between(Side.address(listen), Side.sink(into(text))));
    try (TestClient client = relays.connect(relay)) {
      client.send("12345");
      assertEquals("123", RelayExtension.await(text));
    }
  }

  /** A server that does not read stops the source within what the buffers between them hold. */
  @ParameterizedTest
  @ValueSource(strings = {"", "EXEC"})
  void aStalledReaderStopsTheSource(String program) throws Exception {
    AtomicLong given = new AtomicLong();
    Source<ByteString, ?> endless =
        Source.repeat(BLOCK)
            .map(
                block -> {
                  given.addAndGet(block.length());
                  return block;
                });
    SlowReader reader = new SlowReader();
    Path go = folder.resolve("go");
    try (TestServer server = TestServer.serving(reader)) {
      String right =
          program.isEmpty()
              ? server.address() + ",sndbuf=20000"
              : "SYSTEM:'until [ -e " + go + " ]; do :; done; exec cat >/dev/null'";
      RelayHandle relay = relays.start(Relay.between(Side.source(endless), Side.address(right)));
      long before = -1;
      while (given.get() == 0 || given.get() != before) {
        before = given.get();
        pause();
      }
      assertTrue(before < 8_000_000, before + " bytes were asked for");
      reader.allow(100_000);
      relay.stop();
      assertTrue(RelayExtension.await(relay.ended()).error());
    }
  }

  /** A moment in which the source gives nothing, if it has stopped. */
  private static void pause() throws Exception {
    CompletableFuture<Void> later = new CompletableFuture<>();
    later.completeOnTimeout(null, 500, TimeUnit.MILLISECONDS).get();
  }

  @Test
  void aStalledSinkStopsTheOtherSide() {
    CountDownLatch over = new CountDownLatch(1);
    AtomicLong taken = new AtomicLong();
    Sink<ByteString, CompletionStage<Done>> stalled =
        Flow.of(ByteString.class)
            .mapAsync(
                1,
                bytes -> {
                  taken.addAndGet(bytes.length());
                  return new CompletableFuture<Done>();
                })
            .toMat(Sink.ignore(), Keep.right());
    AtomicLong sent = new AtomicLong();
    try (TestServer server =
        TestServer.serving(
            connection -> {
              try {
                while (true) {
                  connection.getOutputStream().write(BLOCK.toArrayUnsafe());
                  sent.addAndGet(BLOCK.length());
                }
              } finally {
                over.countDown();
              }
            })) {
      RelayHandle relay =
          relays.start(
              Relay.between(Side.address(server.address() + ",rcvbuf=20000"), Side.sink(stalled)));
      while (taken.get() == 0) {
        Thread.onSpinWait();
      }
      relay.stop();
      RelayExtension.await(relay.ended());
      assertTrue(taken.get() <= 65_536, taken + " bytes were taken");
      assertTrue(sent.get() < 8_000_000, sent + " bytes were sent");
    }
  }

  @Test
  void aSourceThatFailsAbortsTheOtherSide() throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    CountDownLatch arrived = new CountDownLatch(1);
    CompletableFuture<ByteString> failing = new CompletableFuture<>();
    Source<ByteString, ?> source =
        Source.single(ByteString.fromString("half")).concat(Source.completionStage(failing));
    try (TestServer server =
        TestServer.serving(
            connection -> {
              try {
                String text = new String(connection.getInputStream().readNBytes(4), US_ASCII);
                arrived.countDown();
                seen.complete(text + " and " + connection.getInputStream().read());
              } catch (IOException e) {
                seen.complete("reset");
              }
            })) {
      RelayHandle relay =
          relays.start(Relay.between(Side.source(source), Side.address(server.address())));
      arrived.await();
      failing.completeExceptionally(new IllegalStateException("broken on purpose"));
      assertEquals("reset", RelayExtension.await(seen));
      Outcome outcome = RelayExtension.await(relay.ended());
      assertEquals(1, outcome.status());
    }
  }

  @Test
  void aSinkSeesAFailureWhenTheSessionIsCutOff() throws Exception {
    CompletableFuture<String> text = new CompletableFuture<>();
    CountDownLatch arrived = new CountDownLatch(1);
    Sink<ByteString, CompletionStage<Done>> sink =
        Flow.of(ByteString.class)
            .map(
                bytes -> {
                  arrived.countDown();
                  return bytes;
                })
            .toMat(into(text), Keep.right());
    RelayHandle relay = relays.start(Relay.between(Side.address(LISTEN), Side.sink(sink)));
    try (TestClient client = relays.connect(relay)) {
      client.send("half");
      arrived.await();
      relay.stop();
      RelayExtension.await(relay.ended());
    }
    assertThrows(ExecutionException.class, text::get);
  }

  @Test
  void inactivityEndsASessionWithAStream() {
    RelaySettings settings =
        RelaySettings.DEFAULT.toBuilder()
            .inactivityTimeout(Optional.of(Duration.ofMillis(100)))
            .build();
    RelayHandle relay =
        relays.start(
            Relay.between(Side.source(Source.maybe()), Side.address("PIPE")).with(settings));
    assertEquals(0, RelayExtension.await(relay.ended()).status());
  }

  @Test
  void aSinkThatTakesNoMoreFailsTheSession() {
    RelayHandle relay =
        relays.start(
            Relay.between(
                Side.address("SYSTEM:'echo 1; cat /dev/zero'"),
                Side.sink(Flow.of(ByteString.class).take(1).toMat(Sink.ignore(), Keep.right()))));
    assertEquals(1, RelayExtension.await(relay.ended()).status());
  }

  @Test
  void aStreamFeedsAFile() throws Exception {
    Path out = folder.resolve("out");
    Supplier<Source<ByteString, ?>> blocks = () -> Source.from(Collections.nCopies(50, BLOCK));
    RelayHandle relay =
        relays.start(Relay.between(Side.source(blocks.get()), Side.address("CREATE:" + out)));
    assertEquals(0, RelayExtension.await(relay.ended()).status());
    assertEquals(500_000, Files.size(out));
  }
}
