package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTextTest {
  private static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  @Test
  void leavesPlainTextAlone() {
    String text = "E open(\"a b\"): ~";
    assertSame(text, LogText.visible(text));
    for (String word : new String[] {"\u00c4\u00f6", "\u20ac", "\ud83d\ude00", "a\u00a0b"}) {
      assertEquals(bytes(word), LogText.visible(bytes(word)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'a\nb', 'a\\x0ab'",
    "'a\r\u001b[2J', 'a\\x0d\\x1b[2J'",
    "'\u007f\t', '\\x7f\\x09'",
    "'\u009b2J', '\\x9b2J'",
    "'\u00c2\u009b2J', '\u00c2\\x9b2J'",
    "'\u00e2\u0082', '\u00e2\\x82'",
    "'\u00e4x', '\u00e4x'"
  })
  void showsControlCharactersAsNumbers(String text, String shown) {
    assertEquals(shown, LogText.visible(text));
  }
}
