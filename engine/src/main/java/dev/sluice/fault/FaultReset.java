package dev.sluice.fault;

/** A fault resets the session's connections; the message is for the user. */
public final class FaultReset extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FaultReset(Fault fault) {
    super("fault " + fault + " resets both connections", null, false, false);
  }
}
