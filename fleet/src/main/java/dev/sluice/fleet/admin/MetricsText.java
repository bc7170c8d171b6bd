package dev.sluice.fleet.admin;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text of metrics while it is written: UTF-8 in one array, which grows when it must. */
final class MetricsText {
  private static final byte[] SMALLEST = bytes(Long.toString(Long.MIN_VALUE));

  private byte[] bytes;
  private int length;

  /**
   * Empty.
   *
   * @param expected bytes that will be written, as far as that is known
   */
  MetricsText(int expected) {
    bytes = new byte[expected];
  }

  /** A text as it is written. */
  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  void text(String text) {
    put(bytes(text));
  }

  /** One series: {@code name{labels,more} value}. */
  void line(byte[] name, byte[] labels, byte[] more, long value) {
    put(name);
    put((byte) '{');
    put(labels);
    put(more);
    put((byte) '}');
    put((byte) ' ');
    number(value);
    put((byte) '\n');
  }

  /** What was written, without a copy; nothing can be written afterwards. */
  ByteString result() {
    ByteString result = ByteString.fromArrayUnsafe(bytes, 0, length);
    bytes = new byte[0];
    length = 0;
    return result;
  }

  private void number(long value) {
    if (value == Long.MIN_VALUE) {
      put(SMALLEST);
      return;
    }
    if (value < 0) {
      put((byte) '-');
    }
    long rest = Math.abs(value);
    int digits = 1;
    for (long more = rest; more > 9; more /= 10) {
      digits++;
    }
    require(digits);
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private void put(byte[] some) {
    require(some.length);
    System.arraycopy(some, 0, bytes, length, some.length);
    length += some.length;
  }

  private void put(byte one) {
    require(1);
    bytes[length++] = one;
  }

  private void require(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + bytes.length / 2));
    }
  }
}
