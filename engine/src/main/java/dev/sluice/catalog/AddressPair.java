package dev.sluice.catalog;

import dev.sluice.fault.Fault;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.spec.Problems;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One valid side of a relay: an address for both directions, or two joined by {@code !!}.
 *
 * @param first used in both directions, or only for reading when there is a second
 * @param second used for writing only
 */
public record AddressPair(Address first, @Nullable Address second) {
  /**
   * Whether it can be the left address with that right one; if not, {@code problems} says why. If
   * peers choose their target, the right address must be that target, and otherwise it must not be.
   */
  public boolean goesWith(AddressPair right, Problems problems) {
    AddressDescriptor own = first.type().descriptor();
    AddressDescriptor other = right.first.type().descriptor();
    if (own.peersChoose() && second == null && other.isChosen() && right.second == null) {
      return true;
    }
    boolean alone = standsAlone(problems);
    return right.standsAlone(problems) && alone && faultsFit(right, problems);
  }

  private boolean faultsFit(AddressPair right, Problems problems) {
    boolean all = true;
    for (AddressPair side : List.of(this, right)) {
      for (Address address : new @Nullable Address[] {side.first, side.second}) {
        if (address != null && !address.options().inOrder().isEmpty()) {
          all &= fits(right, address.options().all(DataTransferOptions.FAULT), problems);
        }
      }
    }
    return all;
  }

  /** Whether these faults can be between both addresses; if not, {@code problems} says why. */
  public boolean fits(AddressPair right, List<Fault> faults, Problems problems) {
    int before = problems.count();
    for (Fault fault : faults) {
      if (fault.kind().isForDatagrams() && first.isTcp() && right.first.isTcp()) {
        problems.add("fault \"" + fault + "\" is for datagrams, and TCP is a stream of bytes");
      }
    }
    return problems.count() == before;
  }

  /**
   * Whether it makes sense without the other side of a relay; if not, {@code problems} says why.
   */
  public boolean standsAlone(Problems problems) {
    int before = problems.count();
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
    return problems.count() == before;
  }
}
