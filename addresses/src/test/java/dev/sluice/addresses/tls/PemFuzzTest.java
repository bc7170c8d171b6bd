package dev.sluice.addresses.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.Corpus;
import dev.sluice.catalog.OpenFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What is wrong with a file of certificates or keys is told as a failure to open it. */
class PemFuzzTest {
  private static final Corpus FILES = new Corpus("pem");
  private static Path file = Path.of(".");

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("fuzz", ".pem");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.deleteIfExists(file);
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void files(@ForAll long seed) throws IOException {
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] input = FILES.input(seed + i);
      Files.write(file, input);
      Pem pem = new Pem(file, "SSL_CTX_use_certificate_file()");
      for (Runnable reading :
          new Runnable[] {pem::certificates, () -> pem.key(() -> "secret".toCharArray())}) {
        try {
          reading.run();
        } catch (OpenFailure e) {
          // told
        } catch (Throwable e) {
          throw new AssertionError(new String(input, ISO_8859_1), e);
        }
      }
    }
  }
}
