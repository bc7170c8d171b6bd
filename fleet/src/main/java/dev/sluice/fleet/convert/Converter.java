package dev.sluice.fleet.convert;

import java.util.List;
import java.util.Locale;

/** Makes a fleet's file of another program's, as far as that goes. */
public final class Converter {
  private Converter() {}

  /** Whose file it is. */
  public enum Format {
    FRP,
    GOST,
    RINETD,
    HAPROXY,
    SSH;

    /** In the words of the command line. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What came of it.
   *
   * @param text a fleet's file
   * @param relays how many relays it has
   * @param leftOut what has no counterpart in it, with the line where it stands
   */
  public record Result(String text, int relays, List<String> leftOut) {}

  /** Reads the lines of a file. */
  public static Result convert(Format format, List<String> lines) {
    Converted made = new Converted();
    switch (format) {
      case FRP -> FrpFile.read(lines, made);
      case GOST -> GostFile.read(lines, made);
      case RINETD -> RinetdFile.read(lines, made);
      case HAPROXY -> HaproxyFile.read(lines, made);
      case SSH -> SshLines.read(lines, made);
    }
    return new Result(made.text(), made.count(), made.leftOut());
  }

  /** Whose file it seems to be, by its name and its lines. */
  public static Format guess(String name, List<String> lines) {
    if (name.endsWith(".toml")) {
      return Format.FRP;
    } else if (name.matches(".*\\.ya?ml")) {
      return Format.GOST;
    }
    boolean isHaproxy =
        lines.stream()
            .anyMatch(line -> line.matches("\\s*(listen|frontend|backend|defaults|global)\\b.*"));
    if (isHaproxy) {
      return Format.HAPROXY;
    }
    return lines.stream().anyMatch(line -> line.matches(".*\\b(auto)?ssh\\b.* -.*"))
        ? Format.SSH
        : Format.RINETD;
  }
}
