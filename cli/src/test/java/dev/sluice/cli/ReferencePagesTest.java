package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The reference pages in docs are what the catalog says. With {@code -Dsluice.write-docs=true} they
 * are written anew.
 */
class ReferencePagesTest {
  @TempDir private Path folder;

  private static final Path DOCS = Path.of(System.getProperty("sluice.root", ".."), "docs");

  @Test
  void addressesAreAsTheCatalogHasThem() throws IOException {
    check("addresses.md", ReferencePages.addresses(Catalog.load()));
  }

  @Test
  void optionsAreAsTheTablesHaveThem() throws IOException {
    check("options.md", ReferencePages.options(Catalog.load()));
  }

  @Test
  void manualPagesAreAsTheCatalogHasThemAndAreShownWithoutWarnings() throws Exception {
    check("man/sluice.1", ManualPages.sluice(Catalog.load()));
    check("man/filan.1", ManualPages.filan());
    check("man/procan.1", ManualPages.procan());
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/man")), "needs man");
    for (String page :
        new String[] {"sluice 80", "sluice 90", "sluice 133", "filan 80", "procan 80"}) {
      String name = page.split(" ", -1)[0];
      ProcessBuilder man =
          new ProcessBuilder(
              "man", "--warnings", "-l", DOCS.resolve("man").resolve(name + ".1").toString());
      man.environment()
          .putAll(
              Map.of("LC_ALL", "C.UTF-8", "MANROFFSEQ", "", "MANWIDTH", page.split(" ", -1)[1]));
      man.redirectError(ProcessBuilder.Redirect.to(folder.resolve(name).toFile()));
      Process process = man.start();
      String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor());
      assertEquals("", Files.readString(folder.resolve(name)));
      assertTrue(shown.contains(name), shown);
    }
  }

  @Test
  void completionsAreAsTheCatalogHasThem() throws IOException {
    check("completion/sluice", Completion.bash(Catalog.load()));
    check("completion/_sluice", Completion.zsh(Catalog.load()));
  }

  private static void check(String name, String expected) throws IOException {
    Path page = DOCS.resolve(name);
    if (Boolean.getBoolean("sluice.write-docs")) {
      Files.writeString(page, expected);
    }
    assertEquals(
        expected, Files.readString(page), name + " is stale: run with -Dsluice.write-docs=true");
  }
}
