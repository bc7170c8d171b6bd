package dev.sluice.stream;

import dev.sluice.endpoint.LineTerminator;

/**
 * Turns the line ends of one address into those of another, byte by byte, without looking ahead.
 */
public final class LineConversion {
  private final LineTerminator from;
  private final LineTerminator to;

  public LineConversion(LineTerminator from, LineTerminator to) {
    this.from = from;
    this.to = to;
  }

  /** Whether it changes anything. */
  public boolean isNeeded() {
    return from != to;
  }

  /** The block with its line ends converted; may be empty. */
  public byte[] convert(byte[] block) {
    byte[] out = new byte[block.length * 2];
    int n = 0;
    for (byte b : block) {
      boolean end = from == LineTerminator.CR ? b == '\r' : b == '\n';
      if (from == LineTerminator.CRNL && b == '\r') {
        continue;
      }
      if (!end) {
        out[n++] = b;
        continue;
      }
      if (to != LineTerminator.RAW) {
        out[n++] = '\r';
      }
      if (to != LineTerminator.CR) {
        out[n++] = '\n';
      }
    }
    return java.util.Arrays.copyOf(out, n);
  }
}
