package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The address of docs/sample-address, which nothing here knows, as its reader would use it. */
class SampleAddressTest {
  private static final Path PROJECT = Path.of("../docs/sample-address/src/main");

  @TempDir static Path folder;
  private static Path jar;

  @BeforeAll
  static void build() throws IOException {
    Path classes = Files.createDirectory(folder.resolve("classes"));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                Path.of("target/sluice.jar").toString(),
                "-d",
                classes.toString(),
                PROJECT.resolve("java/sample/RepeatAddress.java").toString());
    assertEquals(0, result);
    jar = folder.resolve("sample.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      addAll(out, classes);
      addAll(out, PROJECT.resolve("resources"));
    }
  }

  private static void addAll(JarOutputStream out, Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(root.relativize(file).toString()));
        out.write(Files.readAllBytes(file));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static Outcome run(String... words) {
    return run(Tool.OURS, words);
  }

  private static Outcome run(Tool tool, String... words) {
    return tool.command(words).env("SLUICE_CLASSPATH", jar.toString()).run();
  }

  @Test
  void relays() {
    Outcome outcome = run("-u", "REPEAT:hello,times=3", "-");
    assertEquals("hello\nhello\nhello\n", outcome.stdout());
    assertEquals(0, outcome.status());
  }

  @Test
  void itsReaderHoldsItBack() {
    assertEquals("yyyyy", run("-u", "REPEAT:y,sep=,readbytes=5", "-").stdout());
  }

  @Test
  void anUnknownOptionIsRefused() {
    Outcome outcome = run(Tool.SLUICE, "-u", "REPEAT:hello,tims=3", "-");
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("did you mean \"times\"?"), outcome.stderr());
  }

  @Test
  void itsOptionsAreNotForOthers() {
    Outcome outcome = run(Tool.SLUICE, "-u", "TEXT:x,times=3", "-");
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("it is an option of REPEAT"), outcome.stderr());
  }

  @Test
  void isListedInHelp() {
    List<String> help = run("-hhh").stdout().lines().map(String::strip).toList();
    assertTrue(help.stream().anyMatch(line -> line.matches("REPEAT:<line>\\s+groups=REPEAT")));
    assertTrue(help.stream().anyMatch(line -> line.matches("times\\s+groups=REPEAT\\s.*")));
  }
}
