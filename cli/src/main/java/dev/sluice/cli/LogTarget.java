package dev.sluice.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Somewhere that log lines go. Each line is one write; the thread of {@link LogWriter} makes it.
 */
interface LogTarget {
  /** Takes one line. */
  void write(LogWriter.Line line);

  /** What a line says that stands for lost ones. */
  static String lossReport(long lost) {
    return lost == 1 ? "1 log line was lost" : lost + " log lines were lost";
  }

  /** Standard error. */
  static LogTarget stderr() {
    return toStream(new FileOutputStream(FileDescriptor.err));
  }

  /** A file, appended to; throws when it cannot be opened. */
  static LogTarget file(String path) throws IOException {
    return toStream(new FileOutputStream(path, true));
  }

  private static LogTarget toStream(OutputStream out) {
    return line -> {
      try {
        out.write(line.text().getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      } catch (IOException e) {
        // There is nobody left to tell.
        return;
      }
    };
  }
}
