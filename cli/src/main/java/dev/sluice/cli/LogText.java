package dev.sluice.cli;

/**
 * Text for the log. Some of it comes from peers, and must not end a line, begin another, or command
 * a terminal.
 */
final class LogText {
  private LogText() {}

  /**
   * The text, a byte a character, with each control character as {@code \xNN}. Those of Unicode
   * count too; other characters in UTF-8 stay as they are.
   */
  static String visible(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) >= ' ' && text.charAt(at) < 0x7f) {
      at++;
    }
    if (at == text.length()) {
      return text;
    }
    StringBuilder shown = new StringBuilder(text.length() + 16).append(text, 0, at);
    while (at < text.length()) {
      char c = text.charAt(at);
      int length = sequence(text, at);
      if (length > 1) {
        shown.append(text, at, at + length);
      } else if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
        shown.append(String.format("\\x%02x", (int) c));
      } else {
        shown.append(c);
      }
      at += length;
    }
    return shown.toString();
  }

  /** How many bytes belong to a character that is no control character; 1 if it is not UTF-8. */
  private static int sequence(String text, int at) {
    char lead = text.charAt(at);
    int length = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    for (int i = at + 1; i < at + length; i++) {
      if (i == text.length() || text.charAt(i) < 0x80 || text.charAt(i) > 0xbf) {
        return 1;
      }
    }
    boolean isControl = lead == 0xc2 && length == 2 && text.charAt(at + 1) < 0xa0;
    return isControl ? 1 : length;
  }
}
