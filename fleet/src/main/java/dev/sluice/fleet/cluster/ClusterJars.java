package dev.sluice.fleet.cluster;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * Finds what makes a cluster: jars in the folder {@code cluster} beside the jar of fleets. They are
 * opened when a file asks for a cluster, and by nothing else.
 */
public final class ClusterJars {
  private ClusterJars() {}

  /** The one that makes clusters; blocks while jars are opened. */
  public static FleetCluster.Provider find() throws IOException {
    ClassLoader own = ClusterJars.class.getClassLoader();
    Path folder = folder();
    List<URL> jars = jars(folder);
    ClassLoader loader =
        jars.isEmpty() ? own : new URLClassLoader("cluster", jars.toArray(URL[]::new), own);
    return ServiceLoader.load(FleetCluster.Provider.class, loader)
        .findFirst()
        .orElseThrow(() -> new IOException("the jars of clusters are missing: " + folder));
  }

  private static Path folder() throws IOException {
    try {
      URL place = ClusterJars.class.getProtectionDomain().getCodeSource().getLocation();
      return Path.of(place.toURI()).resolveSibling("cluster");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  private static List<URL> jars(Path folder) throws IOException {
    List<URL> jars = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return jars;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(file.toUri().toURL());
      }
    } catch (MalformedURLException e) {
      throw new IOException(e);
    }
    return jars;
  }
}
