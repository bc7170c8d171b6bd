package dev.sluice.packaging;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes.Name;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes the jar that fleets start from, when it is built: a manifest that names the main jar and
 * what lies in {@code lib}, in a fixed order. An archive of classes fits one class path only, and
 * from Java 24 on native access is best allowed by a manifest.
 */
public final class FleetJar {
  private FleetJar() {}

  /**
   * Writes it.
   *
   * @param arguments the folder of the main jar, the jar to write there, the time of its entry
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path target = folder.resolve(arguments[1]);
    Manifest manifest = new Manifest();
    var main = manifest.getMainAttributes();
    main.put(Name.MANIFEST_VERSION, "1.0");
    main.put(Name.MAIN_CLASS, "dev.sluice.cli.Main");
    main.put(Name.CLASS_PATH, "sluice.jar " + String.join(" ", libraries(folder.resolve("lib"))));
    main.putValue("Enable-Native-Access", "ALL-UNNAMED");
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    manifest.write(text);
    JarWriter.write(target, Map.of(JarFile.MANIFEST_NAME, text.toByteArray()), arguments[2]);
  }

  private static List<String> libraries(Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jar"))
          .sorted()
          .map(name -> "lib/" + name)
          .collect(Collectors.toList());
    }
  }
}
