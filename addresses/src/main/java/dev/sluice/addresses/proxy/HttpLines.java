package dev.sluice.addresses.proxy;

import dev.sluice.addresses.socket.Dialogue;
import java.util.function.Predicate;

/** Reads lines of a message's head, and no byte more. See RFC 9112, 2.2. */
final class HttpLines implements Dialogue.Taker {
  private final boolean bareLines;
  private final int longest;
  private final Predicate<String> onLine;
  private final StringBuilder line = new StringBuilder();
  private boolean tooLong;

  /**
   * Lines to be read.
   *
   * @param bareLines whether a line may end without carriage return
   * @param longest bytes that a line may have
   * @param onLine gets each line without its end; returns whether another is wanted
   */
  HttpLines(boolean bareLines, int longest, Predicate<String> onLine) {
    this.bareLines = bareLines;
    this.longest = longest;
    this.onLine = onLine;
  }

  /** Whether reading has stopped because a line was too long. */
  boolean isTooLong() {
    return tooLong;
  }

  @Override
  public boolean take(int next) {
    int last = line.length() - 1;
    boolean afterReturn = last >= 0 && line.charAt(last) == '\r';
    if (next == '\n' && (afterReturn || bareLines)) {
      String whole = afterReturn ? line.substring(0, last) : line.toString();
      line.setLength(0);
      return onLine.test(whole);
    }
    line.append((char) next);
    tooLong = line.length() >= longest;
    return !tooLong;
  }
}
