package dev.sluice.addresses.proxy;

import dev.sluice.addresses.socket.Dialogue;
import org.jspecify.annotations.Nullable;

/** Reads the lines of a message's head, and no byte more. See RFC 9112, 2.2. */
final class HttpLine {
  private HttpLine() {}

  /**
   * The next line without its end.
   *
   * @param bareLines whether a line may end without carriage return
   * @param longest bytes that a line may have
   * @return null when it is longer
   */
  static @Nullable String read(Dialogue dialogue, boolean bareLines, int longest) {
    StringBuilder line = new StringBuilder();
    while (line.length() < longest) {
      int c = dialogue.receiveByte();
      int last = line.length() - 1;
      boolean afterReturn = last >= 0 && line.charAt(last) == '\r';
      if (c == '\n' && (afterReturn || bareLines)) {
        return afterReturn ? line.substring(0, last) : line.toString();
      }
      line.append((char) c);
    }
    return null;
  }
}
