package dev.sluice.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.ActorSystem;
import akka.stream.KillSwitches;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockingMapTest {
  private static final List<ByteString> BLOCKS =
      List.of(ByteString.fromString("a"), ByteString.fromString("bc"), ByteString.fromString("d"));

  private final ActorSystem system = ActorSystem.create("blocking-map");
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void end() {
    held.countDown();
    threads.shutdown();
    system.terminate();
  }

  private ByteString waiting(ByteString block) {
    try {
      assertTrue(held.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return block;
  }

  private static <T> T result(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** More of them than the dispatcher of streams has threads. */
  @Test
  void streamsThatWaitHoldUpNoOthers() throws Exception {
    List<CompletionStage<List<ByteString>>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(
          Source.from(BLOCKS)
              .via(new BlockingMap(threads, this::waiting, lost -> {}))
              .runWith(Sink.seq(), system));
    }
    assertEquals(BLOCKS, result(Source.from(BLOCKS).runWith(Sink.seq(), system)));
    held.countDown();
    for (CompletionStage<List<ByteString>> stream : waiting) {
      assertEquals(BLOCKS, result(stream));
    }
  }

  @Test
  void nothingIsAskedForBeforeItIsWanted() throws Exception {
    AtomicInteger seen = new AtomicInteger();
    Source.from(BLOCKS)
        .via(
            new BlockingMap(
                threads,
                block -> {
                  seen.incrementAndGet();
                  return block;
                },
                lost -> {}))
        .runWith(Sink.head(), system)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
    assertEquals(1, seen.get());
  }

  @Test
  void whatIsCutOffIsTold() throws Exception {
    CompletableFuture<Integer> lost = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    UniqueKillSwitch end =
        Source.from(BLOCKS.subList(1, 3))
            .viaMat(KillSwitches.single(), Keep.right())
            .via(
                new BlockingMap(
                    threads,
                    block -> {
                      begun.countDown();
                      return waiting(block);
                    },
                    lost::complete))
            .toMat(Sink.ignore(), Keep.left())
            .run(system);
    assertTrue(begun.await(30, TimeUnit.SECONDS));
    end.abort(new IllegalStateException("cut off on purpose"));
    assertEquals(2, result(lost));
  }

  @Test
  void whatIsThrownFailsTheStream() {
    CompletionStage<List<ByteString>> stream =
        Source.from(BLOCKS)
            .via(
                new BlockingMap(
                    threads,
                    block -> {
                      throw new IllegalStateException("thrown on purpose");
                    },
                    lost -> {}))
            .runWith(Sink.seq(), system);
    assertThrows(ExecutionException.class, () -> result(stream));
  }
}
