package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * One side of a relay: an address for both directions, or two joined by {@code !!}.
 *
 * @param first used in both directions, or only for reading when there is a second
 * @param second used for writing only
 */
public record BiAddress(AddressSpec first, @Nullable AddressSpec second) {
  public boolean isDual() {
    return second != null;
  }
}
