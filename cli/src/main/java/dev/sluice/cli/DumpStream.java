package dev.sluice.cli;

import dev.sluice.log.RelayLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Standard error for dumps of the data: each follows the log lines that were there before it. */
final class DumpStream extends FileOutputStream {
  /** The only one: the JDK remembers every stream of standard error for ever. */
  private static final DumpStream SHARED = new DumpStream();

  private DumpStream() {
    super(FileDescriptor.err);
  }

  static DumpStream shared() {
    return SHARED;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    RelayLog.flush();
    super.write(bytes);
  }
}
