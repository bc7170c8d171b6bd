package dev.sluice.catalog;

import dev.sluice.option.Option;
import java.util.List;

/**
 * Provides address types to {@link java.util.ServiceLoader}: a single type (an {@link AddressType}
 * provides itself), or a family as a table.
 *
 * <pre>{@code
 * @AutoService(AddressTypes.class)
 * public final class UnixAddresses implements AddressTypes {
 *   public List<AddressType> types() {
 *     return List.of(new UnixConnect(), new UnixListen());
 *   }
 * }
 * }</pre>
 */
public interface AddressTypes {
  /** The types, the same ones at each call or new ones that are equal. */
  List<AddressType> types();

  /**
   * Rows of options that these types take, and others that are of the same groups. What one type
   * alone takes is brought by its descriptor: {@link AddressDescriptor#brings}.
   */
  default List<Option<?>> options() {
    return List.of();
  }
}
