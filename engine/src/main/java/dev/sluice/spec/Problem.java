package dev.sluice.spec;

/**
 * Something that is wrong, and what may help.
 *
 * @param message as socat's, where socat has one
 * @param hint what is added for the user; empty when there is nothing to add
 */
public record Problem(String message, String hint) {
  /** Both in one line. */
  @Override
  public String toString() {
    return hint.isEmpty() ? message : message + "; hint: " + hint;
  }
}
