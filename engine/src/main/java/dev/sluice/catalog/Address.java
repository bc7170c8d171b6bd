package dev.sluice.catalog;

import dev.sluice.option.OptionGroup;
import dev.sluice.option.Options;
import dev.sluice.spec.AddressSpec;

/**
 * A valid address: its type, parameters and options are known and fit each other.
 *
 * @param type what it is
 * @param spec as written
 * @param options read by type, in written order
 */
public record Address(AddressType type, AddressSpec spec, Options options) {
  /** A parameter as written, quoting removed. */
  public String parameter(int index) {
    return spec.parameters().get(index);
  }

  /** Whether it is certainly a TCP connection. */
  boolean isTcp() {
    return type.descriptor().groups().contains(OptionGroup.TCP);
  }
}
