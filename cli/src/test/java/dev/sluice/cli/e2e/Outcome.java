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

  Outcome(int status, String stdout, String stderr) {
    this(status, stdout, stderr, "");
  }

  Outcome observing(String seen) {
    return new Outcome(status, stdout, stderr, observed.isEmpty() ? seen : observed + "\n" + seen);
  }
}
