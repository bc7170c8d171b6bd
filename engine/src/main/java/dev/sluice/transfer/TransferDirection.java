package dev.sluice.transfer;

/** Which way a transfer goes. */
public enum TransferDirection {
  LEFT_TO_RIGHT("left to right", '>', 1, 2),
  RIGHT_TO_LEFT("right to left", '<', 2, 1);

  private final String words;
  private final char arrow;
  private final int source;
  private final int destination;

  TransferDirection(String words, char arrow, int source, int destination) {
    this.words = words;
    this.arrow = arrow;
    this.source = source;
    this.destination = destination;
  }

  public String words() {
    return words;
  }

  /** How dumps mark it. */
  public char arrow() {
    return arrow;
  }

  /** 1 for the left address, 2 for the right. */
  public int source() {
    return source;
  }

  /** 1 for the left address, 2 for the right. */
  public int destination() {
    return destination;
  }

  public TransferDirection opposite() {
    return this == LEFT_TO_RIGHT ? RIGHT_TO_LEFT : LEFT_TO_RIGHT;
  }
}
