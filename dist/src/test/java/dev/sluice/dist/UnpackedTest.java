package dev.sluice.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tar.gz and the image, unpacked somewhere and run by somebody without a java on the PATH. */
class UnpackedTest {
  /** A user that owns nothing here. */
  private static final String NOBODY =
      "setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=/home/somebody ";

  /** What the launcher calls beside bash's builtins, and the tests beside it. */
  private static final List<String> TOOLS =
      List.of("bash", "sh", "readlink", "mkdir", "flock", "timeout", "mv", "rm", "tr");

  @TempDir Path folder;

  @Test
  void theTarRunsWithAJvmThatIsNotOnThePath() {
    assertRuns(Packages.TREE, Map.of("JAVA_HOME", System.getProperty("java.home")));
  }

  @Test
  void theImageRunsWithTheJvmInIt() {
    assertRuns(Packages.IMAGE, Map.of());
  }

  private void assertRuns(Path tree, Map<String, String> more) {
    Path home = unpack(tree);
    Path bin = folder.resolve("bin");
    Shell.run("mkdir", bin.toString());
    for (String tool : TOOLS) {
      Shell.run("bash", "-c", "ln -s \"$(type -P " + tool + ")\" " + bin);
    }
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("PATH", home.resolve("bin") + ":" + bin);
    environment.put("HOME", folder.toString());
    // as the owner, who gets the archive of classes beside the jar
    assertEquals("fine\n", run(environment, "sluice -u TEXT:'fine\n' STDOUT"));
    assertEquals("fine\n", run(environment, home + "/lib/sluice/bin/socat -u TEXT:'fine\n' -"));
    run(environment, "set -- " + home + "/lib/sluice/cache/*.???; [[ -s $1 ]]");
    run(environment, "[[ $(filan -s) == *'0 pipe'* ]]");
    Shell.run("rm", "-r", bin.toString()); // JUnit warns of links that lead out of its folder
  }

  private static String run(Map<String, String> environment, String line) {
    return Shell.run(0, environment, List.of("/bin/bash", "-ec", line));
  }

  @Test
  void theImageServesAUserWhoMayNotWriteToItOnAMachineWithoutJava() throws Exception {
    try (Machine machine = Machine.withoutJava()) {
      installInto(machine, Packages.IMAGE);
      machine.run("! type java");
      assertEquals(Packages.RELAYED, machine.run(asNobody(Packages.RELAY)));
      machine.run(
          "test -s /home/somebody/.cache/sluice/*.???; ! test -e /opt/sluice/lib/sluice/cache/*");
    }
  }

  @Test
  void theTarServesAUserWhoMayNotWriteToItAndSaysWhereJavaIsMissing() throws Exception {
    try (Machine machine = Machine.withJava()) {
      installInto(machine, Packages.TREE);
      machine.run("rm /usr/bin/java");
      assertEquals(Packages.RELAYED, machine.run(asNobody(Packages.RELAY)));
      assertEquals(
          "sluice: needs Java 17 or newer; install one, e.g. apt-get install openjdk-17-jdk-headless, or set"
              + " JAVA_HOME\nstatus 1\n",
          machine.run("rm -r /usr/lib/jvm; /opt/sluice/bin/sluice -V || echo status $?"));
    }
  }

  private static void installInto(Machine machine, Path tree) throws Exception {
    machine.give(Packages.archive(tree));
    machine.run(
        "mkdir /opt/sluice; tar -C /opt/sluice --strip-components=1 -xf sluice-*.tar.gz;"
            + " mkdir /home/somebody; chown 1000:1000 /home/somebody");
  }

  private static String asNobody(String script) {
    return NOBODY + "PATH=/opt/sluice/bin:/usr/bin bash -e <<'end'\n" + script + "end\n";
  }

  private Path unpack(Path tree) {
    Shell.run("tar", "-C", folder.toString(), "-xf", Packages.archive(tree).toString());
    return folder.resolve(tree.getFileName());
  }

  /** Modules that jdeps finds a class for which is never loaded here: see the module's pom.xml. */
  private static final Set<String> NOT_NEEDED = Set.of("java.desktop", "java.sql");

  @Test
  void theImageHasTheModulesThatTheJarAsksFor() {
    StringWriter words = new StringWriter();
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    int status =
        jdeps.run(
            new PrintWriter(words),
            new PrintWriter(words),
            "--multi-release",
            "17",
            "--ignore-missing-deps",
            "--print-module-deps",
            Packages.IMAGE.resolve("lib/sluice/sluice.jar").toString());
    assertEquals(0, status, words::toString);
    Set<String> asked = new TreeSet<>(List.of(words.toString().trim().split(",")));
    asked.removeAll(NOT_NEEDED);
    Set<String> there =
        new TreeSet<>(
            List.of(
                Shell.run(
                        Packages.IMAGE.resolve("lib/sluice/jre/bin/java").toString(),
                        "--list-modules")
                    .replaceAll("@.*", "")
                    .split("\n")));
    assertTrue(there.containsAll(asked), () -> asked + " in " + there);
  }
}
