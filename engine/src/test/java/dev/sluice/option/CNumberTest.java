package dev.sluice.option;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.Samples;
import org.junit.jupiter.api.Test;

class CNumberTest {
  @Test
  void letsThePrefixDecide() {
    assertEquals(new CNumber(10, 2), CNumber.parse("10", 0));
    assertEquals(new CNumber(8, 3), CNumber.parse("010", 0));
    assertEquals(new CNumber(16, 4), CNumber.parse("0x10", 0));
    assertEquals(new CNumber(255, 4), CNumber.parse("0XfF", 0));
  }

  @Test
  void takesSignsAndBlanks() {
    assertEquals(new CNumber(-5, 3), CNumber.parse(" -5", 0));
    assertEquals(new CNumber(5, 2), CNumber.parse("+5", 0));
  }

  @Test
  void stopsAtTheFirstStrangeCharacter() {
    assertEquals(new CNumber(1, 1), CNumber.parse("1k", 0));
    assertEquals(new CNumber(0, 1), CNumber.parse("08", 0));
    assertEquals(new CNumber(0, 1), CNumber.parse("0xg", 0));
    assertEquals(new CNumber(0, 0), CNumber.parse("x", 0));
    assertEquals(new CNumber(0, 0), CNumber.parse("", 0));
    assertEquals(new CNumber(0, 0), CNumber.parse("-", 0));
  }

  @Test
  void readsFixedRadix() {
    assertEquals(new CNumber(0644, 3), CNumber.parse("644", 8));
    assertEquals(new CNumber(0, 0), CNumber.parse("9", 8));
  }

  @Test
  void readsBackEveryRadix() {
    Samples.tries()
        .forEach(random -> readsBack(1 + (random.nextLong() >>> 1 >>> random.nextInt(63))));
    readsBack(1);
    readsBack(Long.MAX_VALUE);
  }

  private static void readsBack(long value) {
    assertEquals(value, CNumber.parse(Long.toString(value), 0).value());
    assertEquals(value, CNumber.parse("0x" + Long.toHexString(value), 0).value());
    assertEquals(value, CNumber.parse("0" + Long.toOctalString(value), 0).value());
    assertEquals(-value, CNumber.parse("-" + value, 0).value());
  }
}
