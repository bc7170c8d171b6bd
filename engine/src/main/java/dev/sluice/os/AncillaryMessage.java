package dev.sluice.os;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What the kernel tells of a datagram beside its bytes. See cmsg(3).
 *
 * @param level such as SOL_SOCKET
 * @param type of that level
 * @param data in host order
 */
public record AncillaryMessage(int level, int type, byte[] data) {
  /** Bytes of struct cmsghdr. */
  static final int HEADER_SIZE = 16;

  /** The number of four bytes at an offset. */
  public int intAt(int offset) {
    return buffer().getInt(offset);
  }

  /** The number of eight bytes at an offset. */
  public long longAt(int offset) {
    return buffer().getLong(offset);
  }

  private ByteBuffer buffer() {
    return ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AncillaryMessage that
        && level == that.level
        && type == that.type
        && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(data) * 31 + level * 7 + type;
  }
}
