package dev.sluice.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Time is a number here, so nothing is waited for. */
class BandwidthTest {
  private static final long MS = 1_000_000;
  private final Bandwidth bandwidth = new Bandwidth();

  @Test
  void aSessionGoesAsFastAsItsLimitAndNoFaster() {
    bandwidth.change(1000, 0);
    Bandwidth.Share up = bandwidth.share(true);
    assertEquals(10, up.piece(8192));
    assertEquals(3, up.piece(3));
    assertEquals(0, up.book(50, 0), "50 ms are in hand at the beginning");
    assertEquals(10 * MS, up.book(10, 0));
    assertEquals(20 * MS, up.book(10, 5 * MS));
    assertEquals(1000 * MS, up.book(10, 1000 * MS), "a pause gives 50 ms, not 980");
    assertEquals(1000 * MS, up.book(40, 1000 * MS));
    assertEquals(1010 * MS, up.book(10, 1000 * MS));
    assertEquals(0, bandwidth.share(true).book(10, 0), "another session has a limit of its own");
  }

  @Test
  void sessionsOfARelayShareItsLimitEachWay() {
    bandwidth.change(0, 1000);
    Bandwidth.Share first = bandwidth.share(true);
    Bandwidth.Share second = bandwidth.share(true);
    assertEquals(0, first.book(50, 0));
    assertEquals(10 * MS, second.book(10, 0));
    assertEquals(20 * MS, first.book(10, 0));
    assertEquals(0, bandwidth.share(false).book(50, 0), "the other way is free");
  }

  @Test
  void limitsChangeAndEndWhileASessionRuns() {
    bandwidth.change(10, 0);
    Bandwidth.Share up = bandwidth.share(true);
    assertEquals(9_950 * MS, up.book(100, 0));
    bandwidth.change(1000, 0);
    assertEquals(10_050 * MS, up.book(100, 10_000 * MS));
    bandwidth.change(0, 0);
    assertEquals(10_000 * MS, up.book(1 << 20, 10_000 * MS));
    assertEquals(8192, up.piece(8192));
    assertFalse(bandwidth.isLimited());
    assertThrows(IllegalStateException.class, () -> Bandwidth.UNLIMITED.change(1, 1));
  }

  @Test
  void tinyRatesMoveByteByByte() {
    bandwidth.change(1, 0);
    assertEquals(1, bandwidth.share(true).piece(100));
    assertTrue(bandwidth.isLimited());
  }

  @Test
  void sizes() {
    assertEquals(OptionalLong.of(1536), ByteSize.parse("1.5K"));
    assertEquals(OptionalLong.of(1 << 20), ByteSize.parse("1MiB"));
    assertEquals(OptionalLong.of(7), ByteSize.parse("7B"));
    for (String wrong : new String[] {"0", "", "1T", "-1", "2000G", "1 K"}) {
      assertEquals(OptionalLong.empty(), ByteSize.parse(wrong), wrong);
    }
  }
}
