package dev.sluice.cli;

import dev.sluice.log.RelayLog;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;

/** Standard error for dumps of the data: each follows the log lines that were there before it. */
final class DumpStream extends FileOutputStream {
  DumpStream() {
    super(FileDescriptor.err);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    RelayLog.flush();
    super.write(bytes);
  }
}
