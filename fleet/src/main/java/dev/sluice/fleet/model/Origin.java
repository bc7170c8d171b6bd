package dev.sluice.fleet.model;

/**
 * Where something was written.
 *
 * @param file the file, as the user named it
 * @param line the line, from 1; 0 when it is not known
 */
public record Origin(String file, int line) implements Comparable<Origin> {
  /** Said by hand to a fleet that runs. */
  public static final Origin RUNTIME = new Origin("runtime", 0);

  @Override
  public int compareTo(Origin other) {
    int byFile = file.compareTo(other.file);
    return byFile != 0 ? byFile : Integer.compare(line, other.line);
  }

  @Override
  public String toString() {
    return line > 0 ? file + ":" + line : file;
  }
}
