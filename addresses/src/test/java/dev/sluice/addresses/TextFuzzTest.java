package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.tls.CipherList;
import dev.sluice.catalog.Catalog;
import dev.sluice.spec.DataSyntax;
import dev.sluice.spec.Problems;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;

/** Text that people or files give: what is wrong with it is told, and nothing else is thrown. */
@Tag("slow")
class TextFuzzTest {
  private static final Corpus ADDRESSES = new Corpus("addresses");
  private static final Corpus DATA = new Corpus("data");
  private static final Corpus CIPHERS = new Corpus("ciphers");
  private static final Catalog CATALOG = Catalog.load();
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_RSA_WITH_AES_128_CBC_SHA");

  private static void each(Corpus corpus, long seed, Consumer<String> reader) {
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] input = corpus.input(seed + i);
      try {
        reader.accept(new String(input, ISO_8859_1));
      } catch (Throwable e) {
        throw new AssertionError("input " + Corpus.line(input), e);
      }
    }
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void addresses(@ForAll long seed) {
    each(
        ADDRESSES,
        seed,
        text -> {
          for (boolean left : new boolean[] {true, false}) {
            Problems problems = new Problems();
            if (CATALOG.read(text, left, problems) == null && problems.isEmpty()) {
              throw new AssertionError("refused without a reason");
            }
          }
        });
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void data(@ForAll long seed) {
    each(
        DATA,
        seed,
        text -> {
          try {
            DataSyntax.parse(text);
          } catch (IllegalArgumentException e) {
            return; // told
          }
        });
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void ciphers(@ForAll long seed) {
    each(CIPHERS, seed, text -> new CipherList(text).choose(SUITES));
  }
}
