package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The reference pages in docs are what the catalog says. With {@code -Dsluice.write-docs=true} they
 * are written anew.
 */
class ReferencePagesTest {
  private static final Path DOCS = Path.of(System.getProperty("sluice.root", ".."), "docs");

  @Test
  void addressesAreAsTheCatalogHasThem() throws IOException {
    check("addresses.md", ReferencePages.addresses(Catalog.load()));
  }

  @Test
  void optionsAreAsTheTablesHaveThem() throws IOException {
    check("options.md", ReferencePages.options());
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
