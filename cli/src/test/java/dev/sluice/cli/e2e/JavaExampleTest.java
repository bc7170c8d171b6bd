package dev.sluice.cli.e2e;

import static dev.sluice.cli.e2e.Newcomer.hears;
import static dev.sluice.cli.e2e.Newcomer.reaches;
import static dev.sluice.cli.e2e.Newcomer.service;
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

/**
 * The examples for programmers as a reader would use them: the project docs/java-example, after the
 * modules were installed, and that of the README.
 */
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

  /** A start that was killed leaves the entry of echo.sock, which stands in nobody's way. */
  @Test
  void thatOfTheReadmeRunsTwice() throws Exception {
    List<String> sources = Documentation.java();
    assertEquals(1, sources.size());
    try (Newcomer user = new Newcomer(folder, List.of())) {
      Files.writeString(user.file("Example.java"), sources.get(0));
      service(user.here, 80);
      try (Run killed = example(user)) {
        serves(user, killed);
        killed.stop("KILL");
      }
      serves(user, user.relay(example(user)));
    }
  }

  /** Runs it by the source, as java(1) can, with the class path of these tests. */
  private static Run example(Newcomer user) {
    return user.here
        .shell("exec " + System.getProperty("java.home") + "/bin/java Example.java")
        .env("CLASSPATH", System.getProperty("java.class.path"))
        .start();
  }

  private static void serves(Newcomer user, Run example) {
    String port = example.awaitOutput("listening on /0\\.0\\.0\\.0:(\\d+)\n").group(1);
    example.awaitOutput("Linux ");
    reaches(user.here, "TCP4:localhost:" + port, 80);
    user.here.awaitUnixListener("echo.sock");
    hears(user.here, "UNIX:echo.sock", "echo\n", "echo\n");
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
