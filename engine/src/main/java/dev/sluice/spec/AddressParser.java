package dev.sluice.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text of one side of a relay.
 *
 * <pre>{@code
 * bi-address = address [ "!!" address ]
 * address    = keyword { ":" parameter } { "," option }
 * option     = name [ "=" value ]
 * }</pre>
 *
 * <p>Double quotes protect delimiters and go away; single quotes protect all but backslashes and go
 * away; brackets protect delimiters and stay; a backslash takes the next character as it is, or as
 * the control character that C gives that letter.
 */
public final class AddressParser {
  private static final int TOKEN_LIMIT = 511;
  private static final int OPTION_LIMIT = 2047;

  private final String text;
  private int at;

  private AddressParser(String text) {
    this.text = text;
  }

  /** A text that does not follow the grammar; the message says what is wrong, and where. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return java.util.Objects.requireNonNull(super.getMessage());
    }
  }

  /**
   * Parses {@code text}; on error adds to {@code problems} and returns null. What stands behind a
   * second {@code !!} is ignored.
   */
  public static @Nullable BiAddress parse(String text, Problems problems) {
    AddressParser parser = new AddressParser(text);
    try {
      AddressSpec first = parser.address();
      AddressSpec second = null;
      if (parser.lookingAt("!!")) {
        parser.at += 2;
        second = parser.address();
      }
      return new BiAddress(first, second);
    } catch (Malformed e) {
      problems.add(e.getMessage());
      return null;
    }
  }

  private boolean lookingAt(String delimiter) {
    return text.startsWith(delimiter, at);
  }

  private AddressSpec address() throws Malformed {
    int start = at;
    String keyword = token(":", TOKEN_LIMIT, "keyword too long, in address \"" + text + "\"");
    List<String> parameters = new ArrayList<>();
    while (lookingAt(":")) {
      at++;
      parameters.add(token(":", TOKEN_LIMIT, "address \"" + text + "\" too long"));
    }
    List<OptionSpec> options = new ArrayList<>();
    while (lookingAt(",")) {
      at++;
      if (!option(options)) {
        break;
      }
    }
    return new AddressSpec(text.substring(start, at), keyword, parameters, options);
  }

  /** Reads one option; false when the list ends here, because a value stands without a name. */
  private boolean option(List<OptionSpec> options) throws Malformed {
    int start = at;
    String tooLong = "option too long: \"" + text.substring(start) + "\"";
    String name = token("=", OPTION_LIMIT, tooLong);
    if (lookingAt("=")) {
      at++;
      String value = token("", OPTION_LIMIT, tooLong);
      if (name.isEmpty()) {
        skipToEnd();
        return false;
      }
      options.add(new OptionSpec(name, value, text.substring(start)));
    } else if (!name.isEmpty()) {
      options.add(new OptionSpec(name, null, text.substring(start)));
    }
    return true;
  }

  private void skipToEnd() {
    int end = text.indexOf("!!", at);
    at = end < 0 ? text.length() : end;
  }

  /** Reads up to a comma, {@code !!}, or one of {@code delimiters}. */
  private String token(String delimiters, int limit, String tooLong) throws Malformed {
    StringBuilder token = new StringBuilder();
    while (at < text.length()
        && !lookingAt(",")
        && !lookingAt("!!")
        && delimiters.indexOf(text.charAt(at)) < 0) {
      element(token, false);
    }
    if (token.length() > limit) {
      throw new Malformed(tooLong);
    }
    return token.toString();
  }

  /** Takes one character or construct; quotes go away, but for those within another construct. */
  private void element(StringBuilder token, boolean nested) throws Malformed {
    char c = text.charAt(at++);
    switch (c) {
      case '\\' -> token.append(escape());
      case '"' -> {
        keep(token, c, nested);
        untilDoubleQuote(token);
        keep(token, c, nested);
      }
      case '\'' -> {
        keep(token, c, nested);
        untilSingleQuote(token);
        keep(token, c, nested);
      }
      case '(' -> bracketed(token, c, ')');
      case '[' -> bracketed(token, c, ']');
      case '{' -> bracketed(token, c, '}');
      default -> token.append(c);
    }
  }

  private static void keep(StringBuilder token, char quote, boolean nested) {
    if (nested) {
      token.append(quote);
    }
  }

  private char escape() throws Malformed {
    if (at >= text.length()) {
      throw unexpectedEnd();
    }
    return Escapes.control(text.charAt(at++));
  }

  private void untilDoubleQuote(StringBuilder token) throws Malformed {
    while (at < text.length()) {
      if (text.charAt(at) == '"') {
        at++;
        return;
      }
      element(token, true);
    }
    throw unexpectedEnd();
  }

  private void untilSingleQuote(StringBuilder token) throws Malformed {
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '\'') {
        return;
      }
      token.append(c == '\\' ? escape() : c);
    }
    throw unexpectedEnd();
  }

  /** Up to the closing bracket, which may be missing. */
  private void bracketed(StringBuilder token, char open, char close) throws Malformed {
    token.append(open);
    while (at < text.length()) {
      if (text.charAt(at) == close) {
        at++;
        token.append(close);
        return;
      }
      element(token, true);
    }
  }

  private Malformed unexpectedEnd() {
    return new Malformed("unexpected end of address \"" + text + "\"");
  }
}
