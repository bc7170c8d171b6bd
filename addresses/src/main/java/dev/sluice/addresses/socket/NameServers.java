package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Option;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.ResolverOptions;
import dev.sluice.os.NameLookup;
import dev.sluice.os.Resolver;
import dev.sluice.os.ScopedThread;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Looks names up as an address's options want it: {@code res-nsaddr} and its like. */
final class NameServers {
  private static final int DNS_PORT = 53;
  private static final List<Option<?>> ALL =
      List.of(
          ResolverOptions.RES_DEBUG,
          ResolverOptions.RES_USEVC,
          ResolverOptions.RES_IGNTC,
          ResolverOptions.RES_RECURSE,
          ResolverOptions.RES_DEFNAMES,
          ResolverOptions.RES_STAYOPEN,
          ResolverOptions.RES_DNSRCH,
          ResolverOptions.RES_RETRANS,
          ResolverOptions.RES_RETRY,
          ResolverOptions.RES_NSADDR);

  private NameServers() {}

  /** Runs a look-up; blocks as long as that does. */
  static <T> T during(Options options, Supplier<T> lookUp) {
    return ScopedThread.outside(() -> asked(options, lookUp));
  }

  private static <T> T asked(Options options, Supplier<T> lookUp) {
    if (ALL.stream().noneMatch(options::has)) {
      return lookUp.get();
    }
    return new Resolver(
            flags -> OptionApplier.resolverFlags(options, flags),
            options.find(ResolverOptions.RES_RETRANS).orElse(null),
            options.find(ResolverOptions.RES_RETRY).orElse(null),
            server(options))
        .during(lookUp);
  }

  private static @Nullable SocketAddressBytes server(Options options) {
    String text = options.find(ResolverOptions.RES_NSADDR).orElse(null);
    if (text == null) {
      return null;
    }
    String[] parts = HostPort.split(text);
    String port = parts[1].isEmpty() ? Integer.toString(DNS_PORT) : parts[1];
    try {
      return NameLookup.resolve(parts[0], port, 0, SocketAddressBytes.AF_INET, 0, 0).get(0);
    } catch (NameLookup.Unresolved e) {
      throw OpenFailure.lasting(e.getMessage());
    }
  }
}
