package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.Samples;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSyntaxTest {
  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  @Test
  void readsNumbersInHostOrder() {
    assertArrayEquals(buffer(4).putInt(-5).array(), DataSyntax.parse("i-5"));
    assertArrayEquals(buffer(8).putLong(7).array(), DataSyntax.parse("L7"));
    assertArrayEquals(buffer(2).putShort((short) 258).array(), DataSyntax.parse("s258"));
    assertArrayEquals(new byte[] {7, 8}, DataSyntax.parse("B7b8"));
  }

  @Test
  void repeatsTheTypeBefore() {
    assertArrayEquals(buffer(12).putInt(1).putInt(2).putInt(3).array(), DataSyntax.parse("1 2 3"));
    assertArrayEquals(new byte[] {0x41, 0x42}, DataSyntax.parse("x41 42"));
    assertArrayEquals(new byte[] {5, 6}, DataSyntax.parse("B5 6"));
  }

  @Test
  void readsText() {
    assertArrayEquals(
        "a\n\033\0v".getBytes(StandardCharsets.ISO_8859_1), DataSyntax.parse("\"a\\n\\e\\0\\v\""));
    assertArrayEquals(new byte[] {'c', '\t'}, DataSyntax.parse("'c''\\t'"));
  }

  @Test
  void readsNothingAsNoBytes() {
    assertArrayEquals(new byte[0], DataSyntax.parse(""));
  }

  @Test
  void namesAnOddNumberOfDigits() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> DataSyntax.parse("x123")).getMessage();
    assertEquals("odd number of hexadecimal digits in \"x123\"", message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"ab", "'a", "'", "x", "i", "q", "iz", "'ab'"})
  void refusesWhatItDoesNotKnow(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> DataSyntax.parse(text)).getMessage();
    assertEquals("syntax error in \"" + text + "\"", message);
  }

  @Test
  void refusesMoreThan256Bytes() {
    assertEquals(256, DataSyntax.parse("x" + "00".repeat(256)).length);
    assertThrows(IllegalArgumentException.class, () -> DataSyntax.parse("x" + "00".repeat(257)));
  }

  @Test
  void readsBackHexadecimal() {
    Samples.tries()
        .forEach(
            random -> {
              byte[] bytes = new byte[1 + random.nextInt(256)];
              random.nextBytes(bytes);
              assertArrayEquals(bytes, DataSyntax.parse("x" + HexFormat.of().formatHex(bytes)));
            });
  }
}
