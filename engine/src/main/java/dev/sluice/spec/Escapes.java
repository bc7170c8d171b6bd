package dev.sluice.spec;

/** What a character behind a backslash stands for. */
final class Escapes {
  private Escapes() {}

  /** The control character that C gives the letter, or the character itself. */
  static char control(char letter) {
    return switch (letter) {
      case '0' -> '\0';
      case 'a' -> '\007';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> '\013';
      default -> letter;
    };
  }
}
