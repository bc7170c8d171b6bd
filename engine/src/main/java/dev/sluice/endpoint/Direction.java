package dev.sluice.endpoint;

/** Which way bytes go through an address, seen from the relay. */
public enum Direction {
  READ("reading", "read-only"),
  WRITE("writing", "write-only"),
  BOTH("reading and writing", "read-write");

  private final String words;
  private final String mode;

  Direction(String words, String mode) {
    this.words = words;
    this.mode = mode;
  }

  public boolean reads() {
    return this != WRITE;
  }

  public boolean writes() {
    return this != READ;
  }

  /** Whether an address that can do {@code this} can do {@code wanted}. */
  public boolean covers(Direction wanted) {
    return this == BOTH || this == wanted;
  }

  /** The part of it that is possible; a single direction stays, and fails when it is used. */
  public Direction within(Direction possible) {
    return this == BOTH ? possible : this;
  }

  /** {@code reading}, {@code writing} or {@code reading and writing}. */
  public String words() {
    return words;
  }

  /** {@code read-only}, {@code write-only} or {@code read-write}. */
  public String mode() {
    return mode;
  }
}
