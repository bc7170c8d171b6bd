package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.os.FileCalls;
import dev.sluice.os.FileStatus;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.Transfers;
import java.util.OptionalLong;

/**
 * A session begins to move bytes.
 *
 * @param transfers what counts them
 * @param fromLeft bytes that the left address has to give, where that is known
 * @param fromRight bytes that the right address has to give, where that is known
 */
public record TransferStart(Transfers transfers, OptionalLong fromLeft, OptionalLong fromRight) {
  private static final int SEEK_CUR = 1;

  static TransferStart of(Transfers transfers, Channel left, Channel right) {
    return new TransferStart(transfers, size(left), size(right));
  }

  /** Bytes that a source has to give, where that is known. */
  public OptionalLong size(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? fromLeft : fromRight;
  }

  private static OptionalLong size(Channel source) {
    long limit = source.dataOptions().readBytes();
    OptionalLong rest = source.dataOptions().ignoreEof() ? OptionalLong.empty() : rest(source);
    return limit <= 0
        ? rest
        : OptionalLong.of(rest.isPresent() ? Math.min(limit, rest.getAsLong()) : limit);
  }

  /** What is left of a regular file. */
  private static OptionalLong rest(Channel source) {
    FdReader reader = source instanceof Endpoint endpoint ? endpoint.reader() : null;
    try {
      if (reader != null) {
        int fd = reader.fd().number();
        FileStatus status = FileCalls.fstat(fd);
        if (status.isRegular()) {
          return OptionalLong.of(Math.max(0, status.size() - LibC.lseek(fd, 0, SEEK_CUR)));
        }
      }
    } catch (NativeError e) {
      return OptionalLong.empty(); // what cannot be looked at has no size
    }
    return OptionalLong.empty();
  }
}
