package dev.sluice.log;

import org.slf4j.event.Level;

/**
 * Severities of log lines, gravest first, with the letter that stands for each and the SLF4J level
 * that carries it.
 */
public enum Severity {
  FATAL('F', Level.ERROR),
  ERROR('E', Level.ERROR),
  WARNING('W', Level.WARN),
  NOTICE('N', Level.INFO),
  INFO('I', Level.DEBUG),
  DEBUG('D', Level.TRACE);

  private static final Severity[] ALL = values(); // each call of values() makes a copy

  private final char letter;
  private final Level level;

  Severity(char letter, Level level) {
    this.letter = letter;
    this.level = level;
  }

  public char letter() {
    return letter;
  }

  public Level level() {
    return level;
  }

  /** This severity, or one that many steps less grave; DEBUG at the least. */
  public Severity lowered(int steps) {
    return steps <= 0 ? this : ALL[Math.min(ALL.length - 1, ordinal() + steps)];
  }
}
