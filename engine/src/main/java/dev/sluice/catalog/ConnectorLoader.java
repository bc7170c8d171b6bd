package dev.sluice.catalog;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.Security;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads connectors: the jars of each lie in {@code lib/connectors/NAME} beside the program's jar,
 * and have a class loader of their own, so that two connectors may bring different versions of a
 * library. {@code -Dsluice.connectors} names another folder.
 */
final class ConnectorLoader {
  private static final String PROPERTY = "sluice.connectors";
  private static final Map<String, URLClassLoader> LOADERS = new HashMap<>();

  private ConnectorLoader() {}

  /** The folder with a folder for each connector. */
  private static Path folder() {
    String given = System.getProperty(PROPERTY);
    return given == null ? Path.of(home()).resolve("lib").resolve("connectors") : Path.of(given);
  }

  /** The folder that the program's jar is in. */
  private static String home() {
    CodeSource source = Catalog.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return ".";
    }
    try {
      URI jar = source.getLocation().toURI();
      Path parent = Path.of(jar).toAbsolutePath().getParent();
      return parent == null ? File.separator : parent.toString();
    } catch (URISyntaxException e) {
      return ".";
    }
  }

  /** What a message says of a connector whose jars are not there. */
  static String whatIsMissing(String connector) {
    return "there is no folder "
        + folder().resolve(connector)
        + " with its jars; it is part of the checkout, the .deb and the tar.gz, where bin/sluice finds it, and -D"
        + PROPERTY
        + "=FOLDER names another place";
  }

  /** Makes an address type; null when the connector is not there. */
  static synchronized @Nullable AddressType load(String connector, String className) {
    URLClassLoader loader = LOADERS.get(connector);
    if (loader == null) {
      lookNamesUpEachTime();
      List<URL> jars = jars(folder().resolve(connector));
      if (jars.isEmpty()) {
        return null;
      }
      loader =
          new URLClassLoader(connector, jars.toArray(URL[]::new), Catalog.class.getClassLoader());
      LOADERS.put(connector, loader);
    }
    try {
      return Class.forName(className, true, loader)
          .asSubclass(AddressType.class)
          .getDeclaredConstructor()
          .newInstance();
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IllegalStateException(
          "the connector sluice-" + connector + " does not fit this program: " + e, e);
    }
  }

  /**
   * Has the JDK, by which the libraries of connectors look names up, forget what it has found after
   * a second, and what it has not found at once, unless the user has said so: else a broker that
   * moves is looked for at its old place for 30 s. Our own addresses ask the C library each time.
   */
  private static void lookNamesUpEachTime() {
    if (Security.getProperty("networkaddress.cache.ttl") == null
        && System.getProperty("sun.net.inetaddr.ttl") == null) {
      Security.setProperty("networkaddress.cache.ttl", "1");
      Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }
  }

  private static List<URL> jars(Path folder) {
    List<URL> jars = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.jar")) {
        for (Path jar : found) {
          jars.add(jar.toUri().toURL());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return jars;
  }
}
