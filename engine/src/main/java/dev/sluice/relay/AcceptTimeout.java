package dev.sluice.relay;

/** No peer came within {@code accept-timeout}: a normal end. */
final class AcceptTimeout extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AcceptTimeout() {
    super(null, null, false, false);
  }

  @Override
  public String getMessage() {
    return "accept: Connection timed out";
  }
}
