package dev.sluice.option;

/**
 * A number as strtoul(3) reads it: optional blanks and sign, then {@code 0x} hexadecimal,
 * leading-zero octal, or decimal digits.
 *
 * @param value the number, wrapped around at 64 bits
 * @param length characters used, 0 when there was no number
 */
public record CNumber(long value, int length) {
  /** Reads from the start of {@code text}; {@code radix} 0 lets the prefix decide. */
  public static CNumber parse(String text, int radix) {
    int at = 0;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    boolean negative = false;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      negative = text.charAt(at++) == '-';
    }
    int base = radix;
    if (base == 0) {
      base = text.startsWith("0", at) ? 8 : 10;
    }
    if (radix != 8
        && (text.startsWith("0x", at) || text.startsWith("0X", at))
        && digit(text, at + 2, 16) >= 0) {
      base = 16;
      at += 2;
    }
    int start = at;
    long value = 0;
    int digit;
    while ((digit = digit(text, at, base)) >= 0) {
      value = value * base + digit;
      at++;
    }
    return at == start ? new CNumber(0, 0) : new CNumber(negative ? -value : value, at);
  }

  private static int digit(String text, int at, int base) {
    return at < text.length() ? Character.digit(text.charAt(at), base) : -1;
  }
}
