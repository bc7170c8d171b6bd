package dev.sluice.fleet.file;

import dev.sluice.catalog.Address;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.spec.AddressSpec;
import dev.sluice.spec.OptionSpec;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps one copy of what many relays have alike: keywords, hosts and lists of options. With 10,000
 * relays that differ by a port that is 700 bytes less for each. It keeps them for as long as the
 * process lives, so an address with a secret does not go through it. Thread-safe.
 */
final class Alike {
  /** What is remembered of each kind; beyond that it begins anew, and relays share with fewer. */
  private static final int MOST = 4096;

  private static final int LONGEST_PORT = 5;

  private final Map<String, String> words = new ConcurrentHashMap<>();
  private final Map<List<OptionSpec>, List<OptionSpec>> written = new ConcurrentHashMap<>();
  private final Map<List<OptionValue<?>>, Options> understood = new ConcurrentHashMap<>();

  /** An address that is equal, and made of what others have too. */
  Address shared(Address address) {
    AddressSpec spec = address.spec();
    AddressSpec same =
        new AddressSpec(
            spec.text(),
            shared(words, spec.keyword(), spec.keyword()),
            spec.parameters().stream().map(this::shared).toList(),
            shared(written, spec.options(), spec.options()));
    Options options = address.options();
    return new Address(address.type(), same, shared(understood, options.inOrder(), options));
  }

  /** Ports are mostly different, and short. */
  private String shared(String word) {
    return word.length() > LONGEST_PORT ? shared(words, word, word) : word;
  }

  private static <K, V> V shared(Map<K, V> known, K key, V value) {
    if (known.size() >= MOST) {
      known.clear();
    }
    V before = known.putIfAbsent(key, value);
    return before == null ? value : before;
  }
}
