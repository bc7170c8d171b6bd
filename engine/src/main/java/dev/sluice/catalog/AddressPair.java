package dev.sluice.catalog;

import dev.sluice.spec.Problems;
import org.jspecify.annotations.Nullable;

/**
 * One side of a relay that was understood: an address for both directions, or two joined by {@code
 * !!}.
 *
 * @param first used in both directions, or only for reading when there is a second
 * @param second used for writing only
 */
public record AddressPair(Address first, @Nullable Address second) {
  /**
   * Whether it can be the left address with that right one; if not, {@code problems} says why.
   * Where peers choose their target the right address must be what they choose, and only there it
   * can be.
   */
  public boolean goesWith(AddressPair right, Problems problems) {
    AddressDescriptor own = first.type().descriptor();
    AddressDescriptor other = right.first.type().descriptor();
    if (own.peersChoose() && second == null && other.isChosen() && right.second == null) {
      return true;
    }
    boolean alone = standsAlone(problems);
    return right.standsAlone(problems) && alone;
  }

  /**
   * Whether it means something without the other side of a relay; if not, {@code problems} says
   * why.
   */
  public boolean standsAlone(Problems problems) {
    int before = problems.messages().size();
    for (Address address : new @Nullable Address[] {first, second}) {
      AddressDescriptor descriptor = address == null ? null : address.type().descriptor();
      if (descriptor != null && descriptor.peersChoose()) {
        problems.add(
            descriptor.keyword() + ": is the left address alone, and TARGET must be the right one");
      } else if (descriptor != null && descriptor.isChosen()) {
        problems.add(
            descriptor.keyword()
                + ": is the right address alone, of a left one that lets its clients choose");
      }
    }
    return problems.messages().size() == before;
  }
}
