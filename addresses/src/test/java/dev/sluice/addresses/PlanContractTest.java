package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import akka.actor.typed.ActorSystem;
import akka.stream.Materializer;
import dev.sluice.catalog.Catalog;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.NativeError;
import dev.sluice.os.PipePool;
import dev.sluice.os.Poller;
import dev.sluice.os.SelectorPoller;
import dev.sluice.relay.RelaySystem;
import dev.sluice.stream.Inspection;
import dev.sluice.testkit.AddressFixture;
import dev.sluice.testkit.AddressOpening;
import dev.sluice.testkit.Descriptors;
import dev.sluice.testkit.Peer;
import dev.sluice.transfer.Activity;
import dev.sluice.transfer.PollerMemory;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.TransferEnd;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.TransferRuntime;
import dev.sluice.transfer.TransferSettings;
import dev.sluice.transfer.Transfers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plans look the same from outside: each pair of addresses runs under every one, on either
 * poller, and gives the same bytes, ends and counts.
 */
@Timeout(120)
class PlanContractTest {
  private static final long PATIENCE_SECONDS = 20;
  private static final int[] SIZES = {1, 8192, 1 << 20};
  private static final int BLOCK = 8192;

  @TempDir private static Path folder;

  private static final ExecutorService BLOCKING_IO = Executors.newCachedThreadPool();
  private static final ActorSystem<Void> SYSTEM = RelaySystem.create("plans");
  private static final PipePool PIPES = new PipePool(1 << 20, 0, 1 << 30);
  private static final Map<String, AddressFixture> FIXTURES = AddressFixtures.all();
  private static final List<PollerMemory> POLLERS =
      List.of(memory(EpollPoller.start("epoll")), memory(SelectorPoller.start("selector")));

  private static PollerMemory memory(Poller poller) {
    return new PollerMemory(poller, TransferPlan.largestBlock(BLOCK));
  }

  @AfterAll
  static void end() {
    SYSTEM.terminate();
    POLLERS.forEach(poller -> poller.poller().close());
    BLOCKING_IO.shutdown();
  }

  /** What flows between the two addresses. */
  private enum Flow {
    /** Peers at both ends, both directions. */
    BOTH,
    /** The right address gives back what it gets. */
    ECHO,
    /** From left to right alone. */
    RIGHTWARD
  }

  private record Pair(String left, String right, Flow flow) {
    @Override
    public String toString() {
      return left + " and " + right + (flow == Flow.RIGHTWARD ? " one way" : "");
    }
  }

  private static final List<Pair> PAIRS =
      List.of(
          new Pair("TCP-LISTEN", "TCP-CONNECT", Flow.BOTH),
          new Pair("UNIX-LISTEN", "TCP-CONNECT", Flow.BOTH),
          new Pair("TCP6-LISTEN", "ABSTRACT-CONNECT", Flow.BOTH),
          new Pair("TCP-LISTEN", "FD", Flow.BOTH),
          new Pair("TCP-LISTEN", "PIPE", Flow.ECHO),
          new Pair("UNIX-CONNECT", "EXEC", Flow.ECHO),
          new Pair("TCP-LISTEN", "SYSTEM", Flow.ECHO),
          new Pair("TCP-CONNECT", "SOCKETPAIR", Flow.ECHO),
          new Pair("OPEN", "TCP-CONNECT", Flow.RIGHTWARD),
          new Pair("TCP-LISTEN", "OPEN", Flow.RIGHTWARD),
          new Pair("OPEN", "CREATE", Flow.RIGHTWARD),
          new Pair("EXEC", "OPEN", Flow.RIGHTWARD),
          new Pair("TCP-LISTEN", "EXEC", Flow.RIGHTWARD));

  @TestFactory
  List<DynamicTest> everyPairUnderEveryPlan() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Pair pair : PAIRS) {
      for (TransferSettings.Plan plan : TransferSettings.Plan.values()) {
        for (PollerMemory poller : POLLERS) {
          for (int size : SIZES) {
            String name =
                pair
                    + ", "
                    + plan
                    + ", "
                    + poller.poller().getClass().getSimpleName()
                    + ", "
                    + size
                    + " bytes";
            tests.add(dynamicTest(name, () -> run(pair, plan, poller, size)));
          }
        }
      }
    }
    return tests;
  }

  /** Takes note of ends; which came first is told by the sources, not by who is told later. */
  private static final class Ends implements Transfer.Observer {
    private final Map<TransferDirection, CompletableFuture<TransferEnd>> told =
        Map.of(
            TransferDirection.LEFT_TO_RIGHT, new CompletableFuture<>(),
            TransferDirection.RIGHT_TO_LEFT, new CompletableFuture<>());
    private final List<TransferDirection> order = new ArrayList<>();

    @Override
    public synchronized void sourceEnded(TransferDirection direction) {
      if (!order.contains(direction)) {
        order.add(direction);
      }
    }

    @Override
    public boolean writeFailed(TransferDirection direction, NativeError error, long lost) {
      throw error;
    }

    @Override
    public void stoppedWith(TransferDirection direction, long lost) {}

    @Override
    public void ended(TransferDirection direction, TransferEnd end) {
      sourceEnded(direction);
      if (!Objects.requireNonNull(told.get(direction)).complete(end)) {
        throw new IllegalStateException("a second end");
      }
    }

    void await(TransferDirection direction) throws Exception {
      TransferEnd end =
          Objects.requireNonNull(told.get(direction)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertEquals(new TransferEnd.EndOfStream(null), end);
    }

    synchronized void assertOrder(TransferDirection... expected) {
      assertEquals(List.of(expected), order);
    }
  }

  private static void run(Pair pair, TransferSettings.Plan plan, PollerMemory poller, int size)
      throws Exception {
    AddressOpening opening = new AddressOpening(Catalog.load(), poller.poller(), BLOCKING_IO);
    boolean oneWay = pair.flow() == Flow.RIGHTWARD;
    Direction leftDirection = oneWay ? Direction.READ : Direction.BOTH;
    Direction rightDirection = oneWay ? Direction.WRITE : Direction.BOTH;
    Descriptors before = Descriptors.now();
    try (AddressFixture.Scene leftScene = scene(pair.left(), leftDirection);
        AddressFixture.Scene rightScene = scene(pair.right(), rightDirection);
        AddressOpening.Met left = opening.open(leftScene, leftDirection);
        AddressOpening.Met right = opening.open(rightScene, rightDirection)) {
      Ends ends = new Ends();
      byte[] outward = bytes(size, 1);
      Peer leftPeer = Objects.requireNonNull(left.peer());
      boolean isFile = pair.left().equals("OPEN");
      if (isFile) {
        leftPeer.send(outward);
      }
      Transfers transfers =
          new TransferPlan(
                  left.endpoint(),
                  right.endpoint(),
                  new TransferSettings(
                      BLOCK, false, true, !oneWay, Inspection.NONE, Inspection.NONE, plan),
                  new TransferRuntime(
                      poller,
                      () -> poller,
                      BLOCKING_IO,
                      PIPES,
                      () -> Materializer.matFromSystem(SYSTEM.classicSystem())),
                  new Activity(),
                  ends)
              .start();
      CompletableFuture<Void> sent =
          isFile
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.runAsync(
                  () -> {
                    leftPeer.send(outward);
                    leftPeer.endOutput();
                  },
                  BLOCKING_IO);
      switch (pair.flow()) {
        case BOTH -> runBoth(left, right, transfers, ends, outward, bytes(size, 2));
        case ECHO -> runEcho(left, right, transfers, ends, outward);
        case RIGHTWARD -> {
          assertArrayEquals(outward, Objects.requireNonNull(right.peer()).receive(size));
          ends.await(TransferDirection.LEFT_TO_RIGHT);
          if (tellsEnd(right)) {
            Objects.requireNonNull(right.peer()).receiveEnd();
          }
          assertCount(size, transfers.of(TransferDirection.LEFT_TO_RIGHT));
        }
      }
      sent.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      for (Transfer transfer : transfers.all()) {
        assertPlan(plan, transfer);
      }
      CountDownLatch stopped = new CountDownLatch(1);
      transfers.stop(stopped::countDown);
      assertTrue(stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "does not stop");
    }
    before.assertNothingNew();
  }

  private static boolean tellsEnd(AddressOpening.Met met) {
    HalfClose halfClose = met.endpoint().halfClose();
    return halfClose == HalfClose.SHUTDOWN || halfClose == HalfClose.CLOSE;
  }

  private static void runBoth(
      AddressOpening.Met left,
      AddressOpening.Met right,
      Transfers transfers,
      Ends ends,
      byte[] outward,
      byte[] homeward)
      throws Exception {
    Peer leftPeer = Objects.requireNonNull(left.peer());
    Peer rightPeer = Objects.requireNonNull(right.peer());
    assertArrayEquals(outward, rightPeer.receive(outward.length));
    ends.await(TransferDirection.LEFT_TO_RIGHT);
    if (tellsEnd(right)) {
      rightPeer.receiveEnd();
    }
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(
            () -> {
              rightPeer.send(homeward);
              rightPeer.endOutput();
            },
            BLOCKING_IO);
    assertArrayEquals(homeward, leftPeer.receive(homeward.length), "after the half-close");
    leftPeer.receiveEnd();
    ends.await(TransferDirection.RIGHT_TO_LEFT);
    sent.join();
    ends.assertOrder(TransferDirection.LEFT_TO_RIGHT, TransferDirection.RIGHT_TO_LEFT);
    assertCount(outward.length, transfers.of(TransferDirection.LEFT_TO_RIGHT));
    assertCount(homeward.length, transfers.of(TransferDirection.RIGHT_TO_LEFT));
  }

  private static void runEcho(
      AddressOpening.Met left,
      AddressOpening.Met right,
      Transfers transfers,
      Ends ends,
      byte[] outward)
      throws Exception {
    Peer leftPeer = Objects.requireNonNull(left.peer());
    assertArrayEquals(outward, leftPeer.receive(outward.length));
    ends.await(TransferDirection.LEFT_TO_RIGHT);
    if (tellsEnd(right)) {
      leftPeer.receiveEnd();
      ends.await(TransferDirection.RIGHT_TO_LEFT);
      ends.assertOrder(TransferDirection.LEFT_TO_RIGHT, TransferDirection.RIGHT_TO_LEFT);
    }
    assertCount(outward.length, transfers.of(TransferDirection.LEFT_TO_RIGHT));
    assertCount(outward.length, transfers.of(TransferDirection.RIGHT_TO_LEFT));
  }

  private static AddressFixture.Scene scene(String keyword, Direction direction) throws Exception {
    return Objects.requireNonNull(FIXTURES.get(keyword))
        .prepare(direction, AddressFixtures.newFolder(folder));
  }

  private static byte[] bytes(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A count follows the write that it counts. */
  private static void assertCount(int bytes, @Nullable Transfer transfer) {
    Transfer counted = Objects.requireNonNull(transfer);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while ((counted.bytes() != bytes || counted.blocks() == 0) && System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    assertEquals(bytes, counted.bytes(), "bytes counted");
    assertTrue(counted.blocks() > 0, "blocks counted");
  }

  private static void assertPlan(TransferSettings.Plan plan, Transfer transfer) {
    List<String> names =
        switch (plan) {
          case BEST -> List.of("copy", "splice");
          case COPY -> List.of("copy");
          case STREAM -> List.of("stream");
        };
    assertTrue(names.contains(transfer.plan()), transfer::plan);
  }
}
