package dev.sluice.relay;

import dev.sluice.transfer.TransferDirection;

/** A set of directions; a value, so that a session needs no memory for it. */
enum Directions {
  NONE(false, false),
  LEFT_TO_RIGHT(true, false),
  RIGHT_TO_LEFT(false, true),
  BOTH(true, true);

  private final boolean leftToRight;
  private final boolean rightToLeft;

  Directions(boolean leftToRight, boolean rightToLeft) {
    this.leftToRight = leftToRight;
    this.rightToLeft = rightToLeft;
  }

  boolean has(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? leftToRight : rightToLeft;
  }

  /** This set and one more. */
  Directions with(TransferDirection direction) {
    if (has(direction.opposite())) {
      return BOTH;
    }
    return direction == TransferDirection.LEFT_TO_RIGHT ? LEFT_TO_RIGHT : RIGHT_TO_LEFT;
  }
}
