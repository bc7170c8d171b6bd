package dev.sluice.transfer;

import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.os.NativeError;
import org.jspecify.annotations.Nullable;

/** How one direction ended. A cancelled transfer reports nothing. */
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

  /** Writing failed; {@code lost} bytes had been read and not been written. */
  record WriteFailed(NativeError error, long lost) implements TransferEnd {}

  /** Something else went wrong. */
  record Broken(Throwable cause) implements TransferEnd {}

  /** The end that a failed read or write makes. */
  static TransferEnd of(EndpointFailure failure, long lost) {
    return failure.isReading()
        ? new ReadFailed(failure.error())
        : new WriteFailed(failure.error(), lost);
  }
}
