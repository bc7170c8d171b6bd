package dev.sluice.addresses;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.proxy.ProxyOptions;
import dev.sluice.addresses.socket.ProxyProtocolOptions;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.option.Option;
import java.util.List;
import java.util.stream.Stream;

/** The client of an HTTP proxy and the target of proxies of our own, and the options of all. */
@AutoService(AddressTypes.class)
public final class ProxyAddresses implements AddressTypes {
  @Override
  public List<AddressType> types() {
    return List.of(new ProxyConnect(), new TargetAddress());
  }

  @Override
  public List<Option<?>> options() {
    return Stream.concat(ProxyOptions.ROWS.stream(), ProxyProtocolOptions.ROWS.stream()).toList();
  }
}
