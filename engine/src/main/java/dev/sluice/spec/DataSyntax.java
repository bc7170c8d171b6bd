package dev.sluice.spec;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The data syntax of binary option values and raw socket addresses: a sequence of items, each a
 * type letter and a value.
 *
 * <p>{@code x} hexadecimal bytes, {@code i}/{@code I} four-byte, {@code l}/{@code L} eight-byte and
 * {@code s}/{@code S} two-byte numbers in host order, {@code b}/{@code B} one byte, {@code "text"}
 * and {@code 'c'} characters. An item without a letter repeats the type before it, at first {@code
 * i}. White space between items is skipped.
 */
public final class DataSyntax {
  private static final int LIMIT = 256;

  private final String text;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int at;

  private DataSyntax(String text) {
    this.text = text;
  }

  /**
   * The bytes that {@code text} describes; throws with a message for the user when it is malformed
   * or longer than 256 bytes.
   */
  public static byte[] parse(String text) {
    return new DataSyntax(text).items();
  }

  private byte[] items() {
    char type = 'i';
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      if (c == '"') {
        string();
      } else if (c == '\'') {
        character();
      } else {
        if ("xiIlLsSbB".indexOf(c) >= 0 && !(type == 'x' && (c == 'b' || c == 'B'))) {
          type = c;
          at++;
        }
        item(type);
      }
      if (out.size() > LIMIT) {
        throw new IllegalArgumentException("data too long: \"" + text + "\"");
      }
    }
    return out.toByteArray();
  }

  private void item(char type) {
    if (type == 'x') {
      hex();
      return;
    }
    long value = number();
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
    int size =
        switch (type) {
          case 'i', 'I' -> bytes.putInt((int) value).position();
          case 'l', 'L' -> bytes.putLong(value).position();
          case 's', 'S' -> bytes.putShort((short) value).position();
          default -> bytes.put((byte) value).position();
        };
    out.write(bytes.array(), 0, size);
  }

  private void hex() {
    int start = at;
    while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
      at++;
    }
    if (at == start) {
      throw syntaxError();
    }
    if ((at - start) % 2 != 0) {
      throw new IllegalArgumentException("odd number of hexadecimal digits in \"" + text + "\"");
    }
    for (int i = start; i < at; i += 2) {
      out.write(Integer.parseInt(text.substring(i, i + 2), 16));
    }
  }

  private long number() {
    int start = at;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      at++;
    }
    try {
      return Long.parseLong(text.substring(start, at));
    } catch (NumberFormatException e) {
      throw syntaxError();
    }
  }

  private void string() {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      out.write(escapable());
    }
    if (at >= text.length()) {
      throw syntaxError();
    }
    at++;
  }

  private void character() {
    at++;
    if (at >= text.length()) {
      throw syntaxError();
    }
    out.write(escapable());
    if (at >= text.length() || text.charAt(at) != '\'') {
      throw syntaxError();
    }
    at++;
  }

  private int escapable() {
    char c = text.charAt(at++);
    if (c != '\\' || at >= text.length()) {
      return c;
    }
    char letter = text.charAt(at++);
    return letter == 'e' ? 27 : letter == 'v' ? 'v' : Escapes.control(letter);
  }

  private IllegalArgumentException syntaxError() {
    return new IllegalArgumentException("syntax error in \"" + text + "\"");
  }
}
