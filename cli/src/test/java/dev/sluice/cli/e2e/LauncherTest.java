package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.catalog.ConnectorIndex;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bin/sluice itself: names, links, the choice of a JDK, and one process from start to end. */
class LauncherTest {
  private static final Tool SLUICE = Tool.SLUICE;

  @Test
  void fetchesAPageFromAWebServer() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.createContext(
        "/page",
        exchange -> {
          byte[] body = "<h1>fetched</h1>\n".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    web.start();
    try {
      Outcome outcome =
          SLUICE
              .command("-", "TCP:127.0.0.1:" + web.getAddress().getPort())
              .input("GET /page HTTP/1.0\r\n\r\n")
              .run();
      assertEquals(0, outcome.status());
      assertEquals("", outcome.stderr());
      assertTrue(outcome.stdout().startsWith("HTTP/1.1 200 OK\r\n"), outcome.stdout());
      assertTrue(outcome.stdout().endsWith("\r\n\r\n<h1>fetched</h1>\n"), outcome.stdout());
    } finally {
      web.stop(0);
    }
  }

  @Test
  void isOneProcessUnderItsOwnName() throws Exception {
    try (Run run = SLUICE.command("-d", "-d", "-", "PIPE").openInput().start()) {
      run.awaitLog("sluice\\[" + run.pid() + "\\] N starting data transfer loop");
      String[] words = Files.readString(Path.of("/proc/" + run.pid() + "/cmdline")).split("\0", -1);
      assertEquals(SLUICE.program().toString(), words[0]);
      assertEquals(0, ProcessHandle.of(run.pid()).orElseThrow().children().count());
      run.endInput();
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void takesItsNameFromALinkFoundOnThePath(@TempDir Path folder) throws Exception {
    Path first = Files.createSymbolicLink(folder.resolve("first"), SLUICE.program());
    Files.createSymbolicLink(folder.resolve("socat"), first.getFileName());
    Tool shell = new Tool("shell", Path.of("/bin/sh"));
    Outcome outcome =
        shell
            .command("-c", "socat -d -d -U - 'SYSTEM:echo $SOCAT_PID'")
            .env("PATH", folder + ":" + System.getenv("PATH"))
            .in(folder)
            .run();
    assertTrue(outcome.stderr().contains(" socat["), outcome.stderr());
    assertTrue(outcome.stdout().matches("\\d+\n"), outcome.stdout());
  }

  @Test
  void passesMoreFlagsToTheJvm() {
    Outcome outcome =
        SLUICE.command("-", "PIPE").env("SLUICE_JAVA_OPTS", "-Xlog:safepoint -XX:+Nonsense").run();
    assertEquals(1, outcome.status());
  }

  /** Which of Akka's threads comes first decides about a few, so a few may be missing. */
  @Test
  void takesItsClassesFromTheArchive(@TempDir Path folder) throws Exception {
    List<String> elsewhere = loadedElsewhere(folder, Map.of());
    assertTrue(elsewhere.size() < 12, () -> String.join("\n", elsewhere));
  }

  /** There the archive is made in two steps, and lambdas come from it that 17 has to make. */
  @Test
  void takesItsClassesFromTheArchiveOnJdk25(@TempDir Path folder) throws Exception {
    Optional<String> jdk = jdk25();
    assumeTrue(jdk.isPresent(), "no JDK 25 in /usr/lib/jvm");
    List<String> elsewhere = loadedElsewhere(folder, Map.of("JAVA_HOME", jdk.orElseThrow()));
    assertTrue(elsewhere.size() < 40, () -> String.join("\n", elsewhere));
  }

  /** What a small relay loads from anywhere but the archive. */
  private static List<String> loadedElsewhere(Path folder, Map<String, String> environment)
      throws Exception {
    Command command = SLUICE.command("-", "-").input("");
    environment.forEach(command::env);
    command.run(); // has the archive made, if this is the first run
    return elsewhere(loaded(folder, command));
  }

  /** What a command loads, a line for each class that ends in where it comes from. */
  private static List<String> loaded(Path folder, Command command) throws Exception {
    Path lines = folder.resolve("loaded");
    Outcome outcome = command.env("SLUICE_JAVA_OPTS", "-Xlog:class+load:file=" + lines).run();
    assertEquals(0, outcome.status(), outcome.stderr());
    return Files.readAllLines(lines);
  }

  /** Those that come from anywhere but the archive. */
  private static List<String> elsewhere(List<String> loaded) {
    return loaded.stream().filter(line -> !line.contains("source: shared objects file")).toList();
  }

  /** It says no more than a constant, so it starts nothing. */
  @Test
  void theVersionNeedsNoLog(@TempDir Path folder) throws Exception {
    assertEquals(
        List.of(),
        loaded(folder, SLUICE.command("-V")).stream()
            .filter(line -> line.contains("ch.qos.logback") || line.contains("akka."))
            .toList());
  }

  /** Picocli is older than what JDK 17 archives. */
  @Test
  void aFleetTakesItsClassesFromAnArchiveOfItsOwn(@TempDir Path folder) throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"),
            "sluice.relays.a { left = \"UNIX-LISTEN:a,fork\", right = PIPE }");
    Command check = SLUICE.command("fleet", "check", file.toString());
    check.run(); // has the archive made, if this is the first run

    List<String> elsewhere =
        elsewhere(loaded(folder, check)).stream()
            .filter(line -> !line.contains("picocli"))
            .toList();
    assertTrue(elsewhere.size() < 150, () -> String.join("\n", elsewhere));
  }

  /** The newest long-term release there is when this was written, where it is installed. */
  private static Optional<String> jdk25() throws IOException {
    Optional<Path> jdk;
    try (Stream<Path> folders = Files.list(Path.of("/usr/lib/jvm"))) {
      jdk =
          folders
              .filter(folder -> folder.toString().contains("25"))
              .filter(folder -> Files.isExecutable(folder.resolve("bin/java")))
              .findFirst();
    }
    return jdk.map(Path::toString);
  }

  @Test
  void runsOnJdk25WhereItIsInstalled() throws Exception {
    Optional<String> jdk = jdk25();
    assumeTrue(jdk.isPresent(), "no JDK 25 in /usr/lib/jvm");
    Outcome outcome =
        SLUICE
            .command("-v", "-", "EXEC:cat")
            .env("JAVA_HOME", jdk.orElseThrow())
            .input("hi\n")
            .run();
    assertEquals("hi\n", outcome.stdout());
    assertEquals(0, outcome.status(), outcome.stderr());
    assertTrue(
        outcome.stderr().lines().allMatch(line -> line.matches("[<>] .* length=3 .*|hi")),
        outcome.stderr());
  }

  @Test
  void goesPastAJdkThatIsTooOld(@TempDir Path folder) throws Exception {
    Path old = oldJdk(folder);
    Outcome outcome =
        SLUICE.command("-", "PIPE").env("JAVA_HOME", old.toString()).input("fine\n").run();
    assertEquals("fine\n", outcome.stdout(), outcome.stderr());
  }

  @Test
  void namesWhatToInstallWhereThereIsNoJdk(@TempDir Path folder) throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("bash", "readlink", "mkdir", "flock")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of(which(tool)));
    }
    // a copy of the launcher that looks for JDKs where there are none
    Path root = Files.createDirectories(folder.resolve("clone"));
    Path launcher = Files.createDirectory(root.resolve("bin")).resolve("sluice");
    Files.writeString(
        launcher,
        Files.readString(SLUICE.program())
            .replace("/usr/lib/jvm/*", "/nowhere/*")
            .replace("/opt/*jdk*", "/nowhere/*"));
    assertTrue(launcher.toFile().setExecutable(true));
    Outcome outcome =
        new Tool("copy", launcher)
            .command("-", "PIPE")
            .env("PATH", bin.toString())
            .env("JAVA_HOME", oldJdk(folder).toString())
            .env("HOME", folder.toString())
            .run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains("apt-get install openjdk-17-jdk-headless"), outcome.stderr());
    assertTrue(outcome.stderr().contains("Java 11.0.2"), outcome.stderr());
  }

  /** A connector is heavy: with the flags of a relay of one line it would be slow for ever. */
  @Test
  void everyConnectorHasFlagsOfItsOwn() throws Exception {
    String launcher = Files.readString(SLUICE.program());
    Matcher connectors = Pattern.compile("(?m)^connector='(.*)'$").matcher(launcher);
    assertTrue(connectors.find());
    Pattern used = Pattern.compile(connectors.group(1));
    try (JarFile jar = new JarFile(Tool.ROOT.resolve("cli/target/sluice.jar").toFile());
        InputStream index = jar.getInputStream(jar.getEntry(ConnectorIndex.RESOURCE))) {
      List<String> keywords =
          new String(index.readAllBytes(), UTF_8)
              .lines()
              .filter(line -> line.startsWith("A"))
              .map(line -> line.split("\t", -1))
              .flatMap(cells -> Stream.of((cells[3] + "," + cells[4]).split(",")))
              .toList();
      assertFalse(keywords.isEmpty());
      for (String keyword : keywords) {
        assertTrue(used.matcher(" " + keyword.toLowerCase(Locale.ROOT) + ":x").find(), keyword);
      }
    }
    assertFalse(used.matcher(" tcp:host:http pipe").find());
  }

  private static Path oldJdk(Path folder) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("jdk-11/bin"));
    Files.writeString(bin.resolve("java"), "#!/bin/sh\nexit 99\n");
    assertTrue(bin.resolve("java").toFile().setExecutable(true));
    Files.writeString(folder.resolve("jdk-11/release"), "JAVA_VERSION=\"11.0.2\"\n");
    return folder.resolve("jdk-11");
  }

  private static String which(String program) {
    return new Tool("which", Path.of("/bin/sh"))
        .command("-c", "command -v " + program)
        .run()
        .stdout()
        .trim();
  }

  /** A report of a crash holds the command line, which may have passwords. */
  @Test
  void aCrashIsReportedInItsUsersFolderAndNotWhereItRuns(@TempDir Path folder) throws Exception {
    Path cache = Files.createDirectories(folder.resolve("cache/sluice"));
    Path here = Files.createDirectory(folder.resolve("here"));
    Outcome crashed =
        SLUICE
            .command("-b", "16777216", "-v", "-u", "OPEN:/dev/zero,readbytes=33554432", "-")
            .in(here)
            .env("XDG_CACHE_HOME", folder.resolve("cache").toString())
            .env(
                "SLUICE_JAVA_OPTS",
                "-Xmx17m -XX:MaxDirectMemorySize=200m -XX:+CrashOnOutOfMemoryError -XX:-CreateCoredumpOnCrash")
            .run();
    assertEquals(1, crashed.status());
    try (Stream<Path> left = Files.list(here);
        Stream<Path> reports = Files.list(cache)) {
      assertEquals(List.of(), left.toList());
      assertEquals(
          1, reports.filter(file -> file.getFileName().toString().startsWith("crash-")).count());
    }
  }
}
