package dev.sluice.fleet.verb;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Where a verb says what it did, and what went wrong. */
record Terminal(PrintWriter out, PrintWriter err) {
  static Terminal standard() {
    return new Terminal(
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8));
  }

  void flush() {
    out.flush();
    err.flush();
  }
}
