package dev.sluice.addresses;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.tls.TlsOptions;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.option.Option;
import java.util.List;

/** Addresses that speak TLS, and its options. */
@AutoService(AddressTypes.class)
public final class OpensslAddresses implements AddressTypes {
  @Override
  public List<AddressType> types() {
    return List.of(
        new OpensslConnect(),
        new OpensslListen(),
        new OpensslDtlsClient(),
        new OpensslDtlsServer());
  }

  @Override
  public List<Option<?>> options() {
    return TlsOptions.ROWS;
  }
}
