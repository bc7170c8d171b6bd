package dev.sluice.addresses.socket;

import dev.sluice.option.InterfaceOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.os.NetworkInterface;

/** Makes a network interface what options want it to be. */
public final class InterfaceSetup {
  private InterfaceSetup() {}

  /** Applies the flags and the packet size that options give. */
  public static void apply(NetworkInterface named, Options options) {
    int before = named.flags();
    int wanted = OptionApplier.interfaceFlags(options, before);
    if (wanted != before) {
      named.setFlags(wanted);
    }
    options.find(InterfaceOptions.INTERFACE_MTU).ifPresent(named::setMtu);
  }
}
