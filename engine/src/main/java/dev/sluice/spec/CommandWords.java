package dev.sluice.spec;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits the parameter of {@code EXEC} into words: at blanks, with quotes, backslashes and brackets
 * as in {@link AddressParser}, a second time. Blanks at the start are skipped, and several count as
 * one; a blank at the end gives an empty last word.
 */
public final class CommandWords {
  private final String text;
  private int at;

  private CommandWords(String text) {
    this.text = text;
  }

  /** The words of {@code text}, at least one. */
  public static List<String> split(String text) {
    return new CommandWords(text).words();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    skipBlanks();
    do {
      StringBuilder word = new StringBuilder();
      while (at < text.length() && text.charAt(at) != ' ') {
        element(word, false);
      }
      words.add(word.toString());
    } while (skipBlanks());
    return words;
  }

  private boolean skipBlanks() {
    int start = at;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at > start;
  }

  private void element(StringBuilder word, boolean nested) {
    char c = text.charAt(at++);
    switch (c) {
      case '\\' -> {
        if (at < text.length()) {
          word.append(Escapes.control(text.charAt(at++)));
        }
      }
      case '"', '\'' -> quoted(word, c, nested);
      case '(' -> bracketed(word, c, ')');
      case '[' -> bracketed(word, c, ']');
      case '{' -> bracketed(word, c, '}');
      default -> word.append(c);
    }
  }

  private void quoted(StringBuilder word, char quote, boolean nested) {
    if (nested) {
      word.append(quote);
    }
    while (at < text.length() && text.charAt(at) != quote) {
      if (quote == '"') {
        element(word, true);
      } else {
        char c = text.charAt(at++);
        word.append(c == '\\' && at < text.length() ? Escapes.control(text.charAt(at++)) : c);
      }
    }
    at++;
    if (nested) {
      word.append(quote);
    }
  }

  private void bracketed(StringBuilder word, char open, char close) {
    word.append(open);
    while (at < text.length()) {
      if (text.charAt(at) == close) {
        at++;
        word.append(close);
        return;
      }
      element(word, true);
    }
  }
}
