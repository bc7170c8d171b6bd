package dev.sluice.fleet.model;

/** Something that is wrong with a fleet file, and where. */
public record Problem(Origin origin, String message) {
  @Override
  public String toString() {
    return origin + ": " + message;
  }
}
