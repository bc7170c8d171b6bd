package dev.sluice.connector.file;

import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The names of files, by a pattern as date(1) has it. */
final class FileNames {
  private final String pattern;
  private int count;
  private String last = "";

  FileNames(String pattern) {
    this.pattern = pattern;
  }

  /** The name of the file that is begun now. */
  Path next(ZonedDateTime time) {
    count++;
    String name = name(time.withZoneSameInstant(ZoneOffset.UTC));
    if (name.equals(last)) {
      return Path.of(name + "." + count);
    }
    last = name;
    return Path.of(name);
  }

  private String name(ZonedDateTime time) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c != '%' || i + 1 == pattern.length()) {
        name.append(c);
      } else {
        name.append(field(pattern.charAt(++i), time));
      }
    }
    return name.toString();
  }

  private String field(char letter, ZonedDateTime time) {
    String format =
        switch (letter) {
          case 'Y' -> "yyyy";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'H' -> "HH";
          case 'M' -> "mm";
          case 'S' -> "ss";
          default -> "";
        };
    if (!format.isEmpty()) {
      return DateTimeFormatter.ofPattern(format, Locale.ROOT).format(time);
    }
    return letter == 'n' ? Integer.toString(count) : letter == '%' ? "%" : "%" + letter;
  }
}
