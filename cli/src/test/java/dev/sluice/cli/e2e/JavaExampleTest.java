package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project docs/java-example as its reader would use it, after the modules were installed. */
class JavaExampleTest {
  private static final String VERSION = "0.1.0";
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path folder;

  @Test
  void isBuiltAndRun() throws IOException, InterruptedException {
    Path repository = installed();
    Path project = copied(CHECKOUT.resolve("docs/java-example"), folder.resolve("project"));
    Path local = Path.of(System.getProperty("localRepository", home(".m2/repository")));
    Process maven =
        new ProcessBuilder(
                CHECKOUT.resolve("mvnw").toString(),
                "-o",
                "-q",
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + repository,
                "-Dmaven.repo.local.tail=" + local,
                "-Dmaven.repo.local.tail.ignoreAvailability=true",
                "compile",
                "org.codehaus.mojo:exec-maven-plugin:java",
                "-Dexec.mainClass=example.Greeter")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, maven.waitFor(), output);
    assertTrue(output.contains("answer: HELLO\n"), output);
    assertTrue(output.contains("session: 6 bytes in, 6 out\n"), output);
    assertTrue(output.contains("status: 0\n"), output);
  }

  private static String home(String path) {
    return Path.of(System.getProperty("user.home"), path).toString();
  }

  /** What {@code ./mvnw install} would have put into Maven's repository. */
  private Path installed() throws IOException {
    Path repository = folder.resolve("repository");
    install(repository, "sluice", CHECKOUT.resolve("pom.xml"), List.of());
    for (String module : new String[] {"engine", "addresses"}) {
      String artifact = "sluice-" + module;
      Path jar = CHECKOUT.resolve(module + "/target/" + artifact + "-" + VERSION + ".jar");
      install(repository, artifact, CHECKOUT.resolve(module + "/pom.xml"), List.of(jar));
    }
    return repository;
  }

  private static void install(Path repository, String artifact, Path pom, List<Path> jars)
      throws IOException {
    Path place =
        Files.createDirectories(repository.resolve("dev/sluice/" + artifact + "/" + VERSION));
    Files.copy(pom, place.resolve(artifact + "-" + VERSION + ".pom"));
    for (Path jar : jars) {
      Files.copy(jar, place.resolve(jar.getFileName()));
    }
  }

  private static Path copied(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
            return FileVisitResult.CONTINUE;
          }
        });
    return to;
  }
}
