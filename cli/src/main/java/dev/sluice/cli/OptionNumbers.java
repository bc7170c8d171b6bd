package dev.sluice.cli;

import dev.sluice.option.CNumber;
import dev.sluice.option.Seconds;
import java.math.BigInteger;
import java.time.Duration;

/** Values of the command line's options, read as socat reads them. */
final class OptionNumbers {
  private static final BigInteger MOST_OF_64_BITS = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private OptionNumbers() {}

  /** As C reads it: unsigned, in 64 bits, of which half is allowed. */
  static long blockSize(String value) {
    long size = number("-b", value);
    if (value.matches("[1-9][0-9]{18,}")) {
      BigInteger given = new BigInteger(value).min(MOST_OF_64_BITS);
      size = given.bitLength() < Long.SIZE ? Long.MAX_VALUE : given.longValue();
    }
    if (size < 0) {
      throw new IllegalArgumentException(
          "buffer size option (-b) to big - "
              + Long.toUnsignedString(size)
              + " (max is "
              + Long.MAX_VALUE
              + ")");
    }
    return size;
  }

  /**
   * A number as socat reads it.
   *
   * @throws IllegalArgumentException with socat's message
   */
  static long number(String name, String value) {
    CNumber number = CNumber.parse(value, 0);
    requireWhole(name, value, number.length());
    return number.value();
  }

  /**
   * A time in seconds, with a fraction.
   *
   * @throws IllegalArgumentException with socat's message
   */
  static Duration seconds(String name, String value) {
    Seconds seconds = Seconds.parse(value);
    requireWhole(name, value, seconds.length());
    return seconds.time();
  }

  /** A number must end where its text does, and be there at all. */
  private static void requireWhole(String name, String value, int read) {
    if (read == 0) {
      throw new IllegalArgumentException(
          "parseopts(): missing numerical value of option \"" + name + "\"");
    }
    if (read < value.length()) {
      throw new IllegalArgumentException(
          "parseopts(): trailing garbage in numerical arg of option \"" + name + "\"");
    }
  }
}
