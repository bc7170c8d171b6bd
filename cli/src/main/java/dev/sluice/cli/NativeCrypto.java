package dev.sluice.cli;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Cryptography;
import dev.sluice.option.OptionGroup;
import java.security.Security;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * TLS computes with AWS-LC, by Amazon's Corretto Crypto Provider: native code at full speed from
 * the first byte, where the JVM's own has to be compiled first, and twice as fast then.
 *
 * <p>It goes before the JVM's providers in all of the process, so only a program does this, never
 * the library. Where its native part cannot be loaded, nothing changes. See docs/adr/0013.
 */
final class NativeCrypto {
  private NativeCrypto() {}

  /** Loads it for addresses that speak TLS, while they are being opened. */
  static void prepare(AddressPair left, AddressPair right, Executor meanwhile) {
    if (speaksTls(left.first())
        || speaksTls(left.second())
        || speaksTls(right.first())
        || speaksTls(right.second())) {
      Cryptography.waitFor(CompletableFuture.runAsync(NativeCrypto::install, meanwhile));
    }
  }

  /** Goes before the JVM's own; blocks for a tenth of a second. */
  static void install() {
    AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
    if (provider.getLoadingError() == null) {
      Security.insertProviderAt(provider, 1);
    }
  }

  private static boolean speaksTls(@Nullable Address address) {
    return address != null && address.type().descriptor().groups().contains(OptionGroup.OPENSSL);
  }
}
