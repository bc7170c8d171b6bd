package dev.sluice.stream;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * The traffic as text, in the forms of options {@code -v} and {@code -x}. One object for each
 * direction of a session: it counts offsets.
 */
public final class Dump {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss.SSSSSS");
  private static final int ROW = 16;

  private final char arrow;
  private final boolean text;
  private final boolean hex;
  private long offset;

  /**
   * Makes a dump.
   *
   * @param arrow marks the direction
   * @param text whether to show characters
   * @param hex whether to show hexadecimal digits
   */
  public Dump(char arrow, boolean text, boolean hex) {
    this.arrow = arrow;
    this.text = text;
    this.hex = hex;
  }

  /** A block's dump, with its header line; bytes of ISO 8859-1. */
  public byte[] render(byte[] block, LocalDateTime now) {
    StringBuilder out = new StringBuilder(64 + block.length * (hex ? 4 : 1));
    out.append(arrow).append(' ').append(TIME.format(now));
    out.append("  length=").append(block.length).append(" from=").append(offset);
    offset += block.length;
    out.append(" to=").append(offset - 1).append('\n');
    if (text && hex) {
      rows(out, block);
    } else if (hex) {
      for (byte b : block) {
        hex(out, b);
      }
      out.append('\n');
    } else {
      for (byte b : block) {
        text(out, b);
      }
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void hex(StringBuilder out, byte b) {
    out.append(' ')
        .append(Character.forDigit((b >> 4) & 15, 16))
        .append(Character.forDigit(b & 15, 16));
  }

  private static boolean printable(byte b) {
    return b >= 0x20 && b < 0x7f;
  }

  private static void text(StringBuilder out, byte b) {
    switch (b) {
      case '\n' -> out.append('\n');
      case '\t' -> out.append('\t');
      case 7 -> out.append("\\a");
      case '\b' -> out.append("\\b");
      case 11 -> out.append("\\v");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      case '\\' -> out.append("\\\\");
      default -> out.append(printable(b) ? (char) b : '.');
    }
  }

  private static void rows(StringBuilder out, byte[] block) {
    int start = 0;
    while (start < block.length) {
      int end = start;
      do {
        hex(out, block[end++]);
      } while (end < block.length && end - start < ROW && block[end - 1] != '\n');
      out.append("   ".repeat(ROW - (end - start))).append("  ");
      for (int i = start; i < end; i++) {
        out.append(printable(block[i]) ? (char) block[i] : '.');
      }
      out.append('\n');
      start = end;
    }
    out.append("--\n");
  }
}
