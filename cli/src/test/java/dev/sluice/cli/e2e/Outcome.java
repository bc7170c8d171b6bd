package dev.sluice.cli.e2e;

/**
 * How a run ended.
 *
 * @param status exit status, 128+n for death by signal n
 * @param stdout standard output, a char per byte
 * @param stderr standard error, a char per byte
 * @param observed what else the scenario saw, such as the answers its clients got
 */
record Outcome(int status, String stdout, String stderr, String observed) {
  /** The status of a process that can't be trusted to go on: sysexits(3head). */
  static final int EX_SOFTWARE = 70;

  Outcome(int status, String stdout, String stderr) {
    this(status, stdout, stderr, "");
  }

  Outcome observing(String seen) {
    return new Outcome(status, stdout, stderr, observed.isEmpty() ? seen : observed + "\n" + seen);
  }
}
