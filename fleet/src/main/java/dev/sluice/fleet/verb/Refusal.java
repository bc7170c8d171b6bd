package dev.sluice.fleet.verb;

/** A verb can't do what it was asked; the message is for the user. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String message) {
    super(message);
  }
}
