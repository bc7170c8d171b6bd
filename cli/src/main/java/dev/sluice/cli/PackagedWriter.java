package dev.sluice.cli;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ConnectorIndex;
import dev.sluice.packaging.ConstantsClass;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Writes the class behind {@link Packaged}. Maven runs it when it builds the jar. */
public final class PackagedWriter {
  private PackagedWriter() {}

  /**
   * Writes the class, and the index of the connectors.
   *
   * @param arguments the folder that the jar's classes are in
   */
  public static void main(String[] arguments) throws IOException {
    Path classes = Path.of(arguments[0]);
    Files.write(classes.resolve(Packaged.CLASS.replace('.', '/') + ".class"), write());
    Path index = classes.resolve(ConnectorIndex.RESOURCE);
    Files.createDirectories(Objects.requireNonNull(index.getParent()));
    Files.writeString(
        index,
        ConnectorIndex.write(
            Catalog.load().types().stream().filter(ConnectorIndex::belongs).toList()));
  }

  static byte[] write() {
    Catalog catalog = Catalog.load();
    return ConstantsClass.write(
        Packaged.CLASS,
        Packaged.class,
        Map.of(
            "configuration", new HashMap<>(RelaySystem.usedConfig()),
            "addressTypes", new HashMap<>(catalog.providers()),
            "versionText", VersionText.template(catalog, VersionText.now())));
  }
}
