package dev.sluice.pace;

import java.math.BigDecimal;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sizes: bytes, or with K, M, G (KiB, MiB, GiB), which are powers of 1,024. */
public final class ByteSize {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)(?:([KMG])(?:iB)?|B)?");
  private static final BigDecimal MOST = BigDecimal.valueOf(1L << 40);

  private ByteSize() {}

  /** Whether a text looks like a size, however large. */
  public static boolean isLike(String text) {
    return SIZE.matcher(text).matches();
  }

  /** The bytes of a text; empty when it is none, or not from 1 byte to 1024G. */
  public static OptionalLong parse(String text) {
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches()) {
      return OptionalLong.empty();
    }
    String unit = parts.group(2);
    int power = unit == null ? 0 : "KMG".indexOf(unit) + 1;
    BigDecimal all =
        new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(1L << (10 * power)));
    return all.compareTo(BigDecimal.ONE) < 0 || all.compareTo(MOST) > 0
        ? OptionalLong.empty()
        : OptionalLong.of(all.longValue());
  }
}
