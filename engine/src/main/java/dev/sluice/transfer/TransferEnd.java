package dev.sluice.transfer;

import dev.sluice.os.NativeError;
import org.jspecify.annotations.Nullable;

/**
 * How one direction ended. A cancelled transfer reports nothing; one that a failed write ended has
 * told {@link Transfer.Observer#writeFailed}.
 */
public sealed interface TransferEnd {
  /**
   * The source gave everything it had, all of it was written, and the destination's writing half
   * was ended.
   *
   * @param halfCloseError the call that failed when the writing half was ended, null for none
   */
  record EndOfStream(@Nullable NativeError halfCloseError) implements TransferEnd {}

  /** Reading failed; what had been read was written. */
  record ReadFailed(NativeError error) implements TransferEnd {}

  /** Something else went wrong. */
  record Broken(Throwable cause) implements TransferEnd {}
}
