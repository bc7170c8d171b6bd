package dev.sluice.connector.web;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What a client's bytes are combined with, see RFC 6455, section 5.3. */
final class Mask {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Mask() {}

  /**
   * Masks bytes, or takes their mask off.
   *
   * @param key its first byte is the highest
   * @param offset how many bytes of the same frame came before
   */
  static void apply(byte[] bytes, int from, int to, int key, long offset) {
    int turned = Integer.rotateLeft(key, Byte.SIZE * (int) (offset & 3));
    long wide = Integer.toUnsignedLong(turned) << Integer.SIZE | Integer.toUnsignedLong(turned);
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ wide);
    }
    for (int shift = 24; i < to; i++, shift -= Byte.SIZE) {
      bytes[i] ^= (byte) (turned >>> (shift & 31));
    }
  }
}
