package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start of a checkout, which runs a relay once to make an archive of its classes. */
class FirstStartTest {
  /** A checkout of its own, which has been built and never started. */
  private static Tool fresh(Path root) throws IOException {
    Path launcher = Tool.SLUICE.program().toRealPath();
    Path built = launcher.resolveSibling("../cli/target").normalize();
    assumeTrue(Files.exists(built.resolve("sluice.jar")), "this is no checkout");
    Path target = Files.createDirectories(root.resolve("cli/target"));
    Files.copy(built.resolve("sluice.jar"), target.resolve("sluice.jar"));
    Files.createSymbolicLink(target.resolve("native"), built.resolve("native"));
    Path copy = Files.createDirectories(root.resolve("bin")).resolve("sluice");
    Files.copy(launcher, copy);
    return new Tool("fresh", copy);
  }

  /** The JVMs that run the jar of a checkout. */
  private static List<ProcessHandle> machines(Path root) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> commandLine(process).contains(root + "/cli/target/sluice.jar"))
          .toList();
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  @Test
  void aStartThatIsEndedLeavesNoProcessAndNoFile(@TempDir Path root) throws Exception {
    Tool tool = fresh(root);
    try (Run run = tool.command("-", "PIPE").openInput().start()) {
      Await.until(() -> !machines(root).isEmpty(), () -> "a JVM that makes the archive");
      assertEquals(143, run.stop("TERM").status());
    }
    Await.until(() -> machines(root).isEmpty(), () -> "the end of " + machines(root));
    try (Stream<Path> files = Files.list(root.resolve("cli/target"))) {
      List<String> left = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertTrue(
          left.stream().allMatch(name -> name.matches("native|sluice\\.jar|.*\\.lock")),
          left::toString);
    }
    assertEquals("hi\n", tool.command("-", "-").input("hi\n").run().stdout());
  }
}
