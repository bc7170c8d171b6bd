package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.Done;
import akka.japi.Pair;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.testkit.HalfClose;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.ResetAfter;
import dev.sluice.testkit.Service;
import dev.sluice.testkit.SlowReader;
import dev.sluice.testkit.TestClient;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An address as a Source, a Sink or a Flow. */
class ConnectorsTest extends ConnectorsFixture {
  @TempDir Path folder;

  @Test
  void aSourceGivesWhatIsReadThenCompletes() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "hello");
    TestSubscriber.Probe<ByteString> probe = relays.reading("OPEN:" + file);
    probe.request(2);
    probe.expectNext(HELLO);
    probe.expectComplete();
  }

  @Test
  void aSourceThatIsNotAskedReadsNothing() {
    AtomicLong sent = new AtomicLong();
    int size = 20_000_000;
    try (TestServer server =
        TestServer.serving(
            connection -> {
              byte[] block = new byte[50_000];
              for (int i = 0; i < size / block.length; i++) {
                connection.getOutputStream().write(block);
                sent.addAndGet(block.length);
              }
            })) {
      TestSubscriber.Probe<ByteString> probe = relays.reading(server.address());
      probe.request(1);
      ByteString first = probe.expectNext();
      awaitStandstill(sent);
      assertTrue(sent.get() < size, "the server is held up after " + sent);
      probe.request(Long.MAX_VALUE);
      long received = first.length();
      while (received < size) {
        received += probe.expectNext().length();
      }
      probe.expectComplete();
    }
  }

  @Test
  void cancellingASourceClosesTheConnection() {
    HalfClose server = new HalfClose("x".getBytes(US_ASCII));
    try (TestServer listening = TestServer.serving(server)) {
      TestSubscriber.Probe<ByteString> probe = relays.reading(listening.address());
      probe.request(1);
      probe.expectNext(ByteString.fromString("x"));
      probe.cancel();
      assertEquals(0, RelayExtension.await(server.received()).length);
    }
  }

  @Test
  void aFailureToOpenFailsTheSource() {
    TestSubscriber.Probe<ByteString> refused = relays.reading("TCP:127.0.0.1:1");
    assertOpenFailure(refused.expectSubscriptionAndError());
    TestSubscriber.Probe<ByteString> missing = relays.reading("OPEN:" + folder + "/missing");
    assertOpenFailure(missing.expectSubscriptionAndError());
  }

  @Test
  void aFailureToReadFailsTheSource() {
    CompletableFuture<Void> established = new CompletableFuture<>();
    try (TestServer server =
        TestServer.serving(
            connection -> {
              connection.getOutputStream().write('x');
              RelayExtension.await(established);
              ResetAfter.now(connection);
            })) {
      TestSubscriber.Probe<ByteString> probe = relays.reading(server.address());
      probe.request(2);
      probe.expectNext(ByteString.fromString("x"));
      established.complete(null);
      EndpointFailure failure = assertInstanceOf(EndpointFailure.class, probe.expectError());
      assertTrue(failure.isReading());
    }
  }

  @Test
  void aMistakeInTheAddressIsToldBeforeAnythingRuns() {
    assertThrows(IllegalArgumentException.class, () -> relays.connectors().source("NOSUCH:1"));
  }

  @Test
  void aSinkCompletesOnceAllIsWritten() throws IOException {
    Path file = folder.resolve("f");
    CompletionStage<Done> done =
        Source.from(List.of(HELLO, ByteString.emptyByteString(), ByteString.fromString(" you")))
            .runWith(relays.connectors().sink("OPEN:" + file + ",creat,wronly"), relays.system());
    RelayExtension.await(done);
    assertEquals("hello you", Files.readString(file));
  }

  @Test
  void aSinkAsksNoFasterThanItsPeerReads() {
    SlowReader reader = new SlowReader();
    try (TestServer server = TestServer.serving(reader)) {
      AtomicLong asked = new AtomicLong();
      int blocks = 400;
      CompletionStage<Done> done =
          Source.repeat(ByteString.fromArray(new byte[50_000]))
              .take(blocks)
              .map(
                  block -> {
                    asked.incrementAndGet();
                    return block;
                  })
              .runWith(relays.connectors().sink(server.address()), relays.system());
      awaitStandstill(asked);
      assertTrue(asked.get() < blocks, "held up after " + asked);
      reader.allow(blocks * 50_000 + 1);
      RelayExtension.await(done);
      assertEquals(blocks * 50_000L, RelayExtension.await(reader.ended()));
    }
  }

  @Test
  void aBrokenConnectionFailsTheSinkAndCancelsItsUpstream() {
    try (TestServer server = TestServer.serving(new ResetAfter(5))) {
      Pair<TestPublisher.Probe<ByteString>, CompletionStage<Done>> running =
          TestSource.<ByteString>create(relays.system())
              .toMat(relays.connectors().sink(server.address()), Keep.both())
              .run(relays.system());
      TestPublisher.Probe<ByteString> upstream = running.first();
      CompletionStage<Done> done = running.second();
      upstream.sendNext(HELLO);
      relays
          .testKit()
          .createTestProbe()
          .awaitAssert(
              RelayExtension.PATIENCE,
              () -> {
                if (!done.toCompletableFuture().isDone()) {
                  upstream.sendNext(HELLO);
                }
                assertTrue(done.toCompletableFuture().isCompletedExceptionally());
                return true;
              });
      EndpointFailure failure =
          assertThrows(EndpointFailure.class, () -> RelayExtension.await(done));
      assertTrue(!failure.isReading());
    }
  }

  @Test
  void aFailureToOpenFailsTheSink() {
    CompletionStage<Done> done =
        Source.single(HELLO).runWith(relays.connectors().sink("TCP:127.0.0.1:1"), relays.system());
    assertOpenFailure(assertThrows(RuntimeException.class, () -> RelayExtension.await(done)));
  }

  @Test
  void aFailedUpstreamIsNotTakenForAnEnd() {
    SlowReader reader = new SlowReader();
    reader.allow(HELLO.length());
    CompletableFuture<ByteString> failing = new CompletableFuture<>();
    try (TestServer server = TestServer.serving(reader)) {
      CompletionStage<Done> done =
          Source.single(HELLO)
              .concat(Source.completionStage(failing))
              .runWith(relays.connectors().sink(server.address()), relays.system());
      while (reader.received() < HELLO.length()) {
        Thread.onSpinWait();
      }
      reader.allow(1);
      IllegalStateException cause = new IllegalStateException("broken upstream");
      failing.completeExceptionally(cause);
      assertEquals(
          cause, assertThrows(IllegalStateException.class, () -> RelayExtension.await(done)));
      Throwable seen =
          reader.ended().handle((bytes, failure) -> failure == null ? cause : failure).join();
      assertInstanceOf(IOException.class, seen, "the server sees a reset, not an end of data");
    }
  }

  @Test
  void aFlowHalfClosesAndStillReceives() {
    try (TestServer server =
        TestServer.serving(
            connection -> {
              byte[] question = connection.getInputStream().readAllBytes();
              connection.getOutputStream().write(("got " + question.length).getBytes(US_ASCII));
            })) {
      assertEquals("got 5", exchange(server.address(), HELLO));
    }
  }

  @Test
  void aFlowReceivesTheEndAndStillSends() {
    HalfClose server = new HalfClose("bye".getBytes(US_ASCII));
    try (TestServer listening = TestServer.serving(server)) {
      Pair<TestPublisher.Probe<ByteString>, TestSubscriber.Probe<ByteString>> ends =
          TestSource.<ByteString>create(relays.system())
              .via(relays.connectors().flow(listening.address()))
              .toMat(TestSink.<ByteString>create(relays.system()), Keep.both())
              .run(relays.system());
      ends.second().request(2);
      ends.second().expectNext(ByteString.fromString("bye"));
      ends.second().expectComplete();
      ends.first().sendNext(HELLO);
      ends.first().sendComplete();
      assertEquals("hello", new String(RelayExtension.await(server.received()), US_ASCII));
    }
  }

  @Test
  void aFlowThroughAProgramGivesItsAnswer() {
    assertEquals("HELLO", exchange("EXEC:'tr a-z A-Z'", HELLO));
  }

  @Test
  void oneFlowCanBeMaterialisedMoreThanOnce() {
    try (TestServer server = TestServer.serving(Service.echo())) {
      for (int i = 0; i < 3; i++) {
        assertEquals("hello", exchange(server.address(), HELLO));
      }
      assertEquals(3, server.accepted());
    }
  }

  @Test
  void aListeningAddressWithoutForkIsOneConnection() throws IOException {
    int port = freePort();
    CompletionStage<ByteString> answer =
        Source.single(HELLO)
            .via(
                relays
                    .connectors()
                    .flow("TCP-LISTEN:" + port + ",bind=127.0.0.1,forever,interval=0.1"))
            .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), relays.system());
    try (TestClient client = connectPatiently(port)) {
      client.send("from the client").endOutput();
      assertEquals("hello", client.receiveAll());
    }
    assertEquals("from the client", RelayExtension.await(answer).utf8String());
  }

  @Test
  void anAddressWithForkIsNoFlow() {
    CompletionStage<ByteString> answer =
        Source.single(HELLO)
            .via(relays.connectors().flow("TCP-LISTEN:0,bind=127.0.0.1,fork"))
            .runWith(Sink.fold(ByteString.emptyByteString(), ByteString::concat), relays.system());
    assertOpenFailure(assertThrows(RuntimeException.class, () -> RelayExtension.await(answer)));
  }

  private String exchange(String address, ByteString question) {
    return RelayExtension.await(
            Source.single(question)
                .via(relays.connectors().flow(address))
                .runWith(
                    Sink.fold(ByteString.emptyByteString(), ByteString::concat), relays.system()))
        .utf8String();
  }

  /** Waits until a counter has stopped; it must have moved before. */
  private void awaitStandstill(AtomicLong counter) {
    long[] seen = {0};
    long[] since = {System.nanoTime()};
    relays
        .testKit()
        .createTestProbe()
        .awaitAssert(
            RelayExtension.PATIENCE,
            () -> {
              if (counter.get() != seen[0]) {
                seen[0] = counter.get();
                since[0] = System.nanoTime();
              }
              assertTrue(seen[0] > 0 && System.nanoTime() - since[0] > 300_000_000L);
              return true;
            });
  }
}
