package dev.sluice.endpoint;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import org.jspecify.annotations.Nullable;

/** The writing half of an endpoint that is a descriptor. */
public interface FdWriter {
  Fd fd();

  /**
   * Writes one piece.
   *
   * @param buffer address of the bytes
   * @param length how many
   * @return bytes taken, or {@code -errno}; {@code -EAGAIN} when there is no room
   */
  int write(long buffer, int length);

  /**
   * Whether splice(2) may write the descriptor in our place, because writing it is all that {@link
   * #write} does.
   */
  default boolean canSplice() {
    return false;
  }

  /** Whether sendmmsg(2) may send datagrams to the descriptor in our place. */
  default boolean canBatch() {
    return false;
  }

  /** Whether it can take anything at all; while it can't, its source is not even read. */
  default boolean acceptsData() {
    return true;
  }

  /**
   * How many bytes, of those that a pump would move at once, are best moved at once.
   *
   * @param length at most so many
   */
  default int fitting(int length) {
    return length;
  }

  /**
   * Writes what the writer itself holds back.
   *
   * @return 0 when nothing is left, {@code -EAGAIN} while there is no room, or another {@code
   *     -errno}
   */
  default int flush() {
    return 0;
  }

  /**
   * Bytes that were written and not read, where closing the descriptor throws them away and nobody
   * need be there to read them: a terminal. −1 where that is not so.
   */
  default int unread() {
    return -1;
  }

  /**
   * Says that no more follows, in a protocol that has a word for it.
   *
   * @return a failed call, null if all went well
   */
  default @Nullable NativeError end() {
    return null;
  }

  /** The call that {@link #write} makes, with its arguments, for messages. */
  default String describeWrite(long buffer, int length) {
    return "write(" + fd() + ", 0x" + Long.toHexString(buffer) + ", " + length + ")";
  }

  /** A descriptor that is simply written. */
  static FdWriter of(Fd fd) {
    return new FdWriter() {
      @Override
      public Fd fd() {
        return fd;
      }

      @Override
      public int write(long buffer, int length) {
        return LibC.write(fd.number(), buffer, length);
      }

      @Override
      public boolean canSplice() {
        return true;
      }
    };
  }
}
