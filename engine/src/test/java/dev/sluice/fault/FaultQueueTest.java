package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Time is a number here, so nothing is waited for. */
class FaultQueueTest {
  private static final long MS = 1_000_000;

  private static FaultQueue queue(boolean datagrams, String... faults) {
    FaultQueue queue = new FaultQueue(datagrams, new SplittableRandom(1), 0);
    queue.use(Arrays.stream(faults).map(FaultText::parse).toList(), 0);
    return queue;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String given(FaultQueue queue, long now) {
    FaultQueue.Step.Give give = assertInstanceOf(FaultQueue.Step.Give.class, queue.next(now, true));
    return new String(give.bytes(), give.from(), give.length(), StandardCharsets.US_ASCII);
  }

  private static long awaited(FaultQueue queue, long now) {
    return assertInstanceOf(FaultQueue.Step.Await.class, queue.next(now, true)).nanos();
  }

  /** All that comes out, each piece at its time. */
  private static List<String> all(FaultQueue queue, List<Long> times) {
    List<String> all = new ArrayList<>();
    long now = 0;
    while (true) {
      FaultQueue.Step step = queue.next(now, true);
      if (step instanceof FaultQueue.Step.Give give) {
        all.add(new String(give.bytes(), give.from(), give.length(), StandardCharsets.US_ASCII));
        times.add(now);
      } else if (step instanceof FaultQueue.Step.Await wait && wait.nanos() < Long.MAX_VALUE) {
        now += wait.nanos();
      } else {
        return all;
      }
    }
  }

  @Test
  void latencyDelaysWithoutHoldingUpWhatFollows() {
    FaultQueue queue = queue(false, "latency:50ms");
    queue.add(bytes("a"), 0);
    assertTrue(queue.hasRoom());
    queue.add(bytes("b"), 10 * MS);
    assertEquals(50 * MS, awaited(queue, 0));
    assertEquals("a", given(queue, 50 * MS));
    assertEquals("b", given(queue, 60 * MS));
  }

  @Test
  void jitterKeepsTheOrderAndItsBounds() {
    FaultQueue queue = queue(false, "latency:50ms~10ms");
    for (int i = 0; i < 100; i++) {
      queue.add(bytes(String.valueOf(i)), 0);
    }
    List<Long> times = new ArrayList<>();
    List<String> all = all(queue, times);
    for (int i = 0; i < 100; i++) {
      assertEquals(String.valueOf(i), all.get(i));
      assertTrue(times.get(i) >= 40 * MS && times.get(i) <= 60 * MS);
    }
  }

  @Test
  void heldBackBytesAreBounded() {
    FaultQueue queue = queue(false, "latency:1h");
    byte[] block = new byte[64 * 1024];
    int blocks = 0;
    while (queue.hasRoom()) {
      queue.add(block, 0);
      blocks++;
    }
    assertEquals(16, blocks);
    assertEquals(FaultQueue.MOST, queue.held());
  }

  @Test
  void rateHoldsOverAllPieces() {
    FaultQueue queue = queue(false, "rate:1000");
    queue.add(new byte[3000], 0);
    assertFalse(queue.hasRoom());
    List<Long> times = new ArrayList<>();
    all(queue, times);
    assertEquals(300, times.size());
    assertEquals(3000 * MS, times.get(299));
  }

  @Test
  void slicesWithPauses() {
    FaultQueue queue = queue(false, "slice:2@5ms");
    queue.add(bytes("abcde"), 0);
    List<Long> times = new ArrayList<>();
    assertEquals(List.of("ab", "cd", "e"), all(queue, times));
    assertEquals(List.of(0L, 5 * MS, 10 * MS), times);
  }

  @Test
  void cutsAndResetsAtAByte() {
    FaultQueue cut = queue(false, "cut@3");
    cut.add(bytes("abcde"), 0);
    assertEquals("abc", given(cut, 0));
    assertEquals(FaultQueue.Step.End.NOW, cut.next(0, true));
    FaultQueue reset = queue(false, "reset@2");
    reset.add(bytes("abcde"), 0);
    assertEquals("ab", given(reset, 0));
    assertInstanceOf(FaultQueue.Step.Reset.class, reset.next(0, true));
  }

  @Test
  void resetsAtATimeThoughNothingMoves() {
    FaultQueue queue = queue(false, "reset@10s");
    assertEquals(10_000 * MS, awaited(queue, 0));
    assertInstanceOf(FaultQueue.Step.Reset.class, queue.next(10_000 * MS, false));
  }

  @Test
  void stallHoldsDataAndTheEndUntilItIsTakenAway() {
    FaultQueue queue = queue(false, "stall");
    queue.add(bytes("a"), 0);
    queue.end(0);
    assertEquals(Long.MAX_VALUE, awaited(queue, 1000 * MS));
    assertFalse(queue.hasRoom());
    queue.use(List.of(), 2000 * MS);
    assertEquals("a", given(queue, 2000 * MS));
    assertEquals(FaultQueue.Step.End.NOW, queue.next(2000 * MS, true));
  }

  @Test
  void slowCloseHoldsTheEnd() {
    FaultQueue queue = queue(false, "slow-close:2s");
    queue.add(bytes("a"), 0);
    queue.end(MS);
    assertEquals("a", given(queue, MS));
    assertEquals(2000 * MS, awaited(queue, MS));
    assertEquals(FaultQueue.Step.End.NOW, queue.next(2001 * MS, true));
  }

  @Test
  void whatHeldDataBackLetsGoOnceItIsTakenAway() {
    FaultQueue queue = queue(false, "latency:1h");
    queue.add(bytes("a"), 0);
    queue.use(List.of(FaultText.parse("latency:1ms")), MS);
    assertEquals("a", given(queue, MS));
  }

  @Test
  void losesDoublesAndDamagesItsShareOfDatagrams() {
    FaultQueue queue = queue(true, "loss:10%", "dup:10%", "corrupt:10%");
    for (int i = 0; i < 10_000; i++) {
      queue.add(bytes("datagram"), 0);
    }
    queue.end(0);
    List<String> all = all(queue, new ArrayList<>());
    assertEquals(9900.0, all.size(), 200.0); // 10,000 less a tenth, and a tenth of those again
    long damaged = all.stream().filter(one -> !one.equals("datagram")).count();
    assertEquals(990.0, (double) damaged, 150.0);
  }

  @Test
  void datagramIsOvertakenByTheNext() {
    FaultQueue queue = queue(true, "reorder:100%");
    queue.add(bytes("first"), 0);
    assertTrue(queue.hasRoom());
    queue.add(bytes("second"), MS);
    assertEquals("second", given(queue, MS));
    assertEquals("first", given(queue, MS));
  }

  @Test
  void datagramThatNobodyOvertakesComesAllTheSame() {
    FaultQueue queue = queue(true, "reorder:100%");
    queue.add(bytes("only"), 0);
    assertEquals("only", given(queue, awaited(queue, 0)));
  }

  @Test
  void datagramsStayWhole() {
    FaultQueue queue = queue(true, "rate:1000");
    queue.add(new byte[500], 0);
    assertEquals(500, given(queue, 500 * MS).length());
  }

  @Test
  void seedMakesTheSameSessionsSuffer() {
    List<Fault> faults = List.of(FaultText.parse("stall:p=50%:seed=3"));
    int hit = 0;
    for (int session = 0; session < 1000; session++) {
      boolean first = isHit(faults, session, true);
      assertEquals(first, isHit(faults, session, true));
      assertEquals(first, isHit(faults, session, false));
      hit += first ? 1 : 0;
    }
    assertEquals(500.0, hit, 60.0);
  }

  private static boolean isHit(List<Fault> faults, int session, boolean upwards) {
    return !new SessionFaults(Faults.NONE, session).in(upwards, faults).isEmpty();
  }
}
