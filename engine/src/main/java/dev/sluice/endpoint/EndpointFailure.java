package dev.sluice.endpoint;

import dev.sluice.os.NativeError;

/** A read or write of an endpoint that failed. */
public final class EndpointFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean reading;
  private final transient NativeError error;

  public EndpointFailure(boolean reading, NativeError error) {
    super(error.getMessage(), null, false, false);
    this.reading = reading;
    this.error = error;
  }

  /** A failed read of {@code length} bytes to the memory at {@code address}. */
  public static EndpointFailure read(FdReader reader, long address, int length, int errno) {
    return new EndpointFailure(true, new NativeError(reader.describeRead(address, length), errno));
  }

  /** A failed write of {@code length} bytes from the memory at {@code address}. */
  public static EndpointFailure write(FdWriter writer, long address, int length, int errno) {
    return new EndpointFailure(
        false, new NativeError(writer.describeWrite(address, length), errno));
  }

  /** Whether reading failed; otherwise writing did. */
  public boolean isReading() {
    return reading;
  }

  public NativeError error() {
    return error;
  }
}
