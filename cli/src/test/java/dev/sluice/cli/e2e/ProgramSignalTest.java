package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signals that reach a program through the relay, or don't, and two terminals joined by one. */
class ProgramSignalTest {
  @TempDir private Path folder;

  private Path script(String name, String text) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/bash\n" + text + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  @ParameterizedTest
  @CsvSource({"HUP,sighup,1", "INT,sigint,2", "QUIT,sigquit,3"})
  void anOptionPassesASignalOnToTheProgram(String signal, String option, int number)
      throws IOException {
    Path script =
        script(
            "program",
            "trap 'echo got " + signal + "; exit 0' " + signal + "\necho ready\nread x\nread x");
    try (Run run =
        Tool.OURS.command("-d", "-d", "-", "EXEC:" + script + "," + option).openInput().start()) {
      run.awaitOutput("ready");
      run.signal(signal);
      run.awaitLog("socatsignalpass\\(sig=" + number + "\\)");
      run.send("\n");
      run.awaitOutput("got " + signal);
      run.endInput();
      run.await();
    }
  }

  @Test
  void aProgramThatIgnoresTermIsLeftToItself() throws IOException {
    Path pid = folder.resolve("pid");
    Path script =
        script(
            "stubborn",
            "trap '' TERM\necho $$ >"
                + pid
                + "\necho ready\nexec 0<&- 2>/dev/null\nexec sleep 1000");
    Outcome outcome;
    try (Run run =
        Tool.OURS.command("-t", "0.2", "-", "EXEC:" + script + ",pipes").openInput().start()) {
      run.awaitOutput("ready");
      run.endInput();
      outcome = run.await();
    }
    assertEquals(0, outcome.status(), outcome.stderr());
    Optional<ProcessHandle> program =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    assertTrue(program.isPresent(), "it got TERM, and ignored it");
    program.get().destroyForcibly();
  }

  @Test
  void twoTerminalsAreANullModem() throws Exception {
    Path left = folder.resolve("left");
    Path right = folder.resolve("right");
    try (Run modem =
        Tool.OURS
            .command("-dd", "PTY,link=" + left + ",rawer", "PTY,link=" + right + ",rawer")
            .start()) {
      modem.awaitLog("starting data transfer");
      assertEquals("to the right", throughSerialLine(left, right, "to the right"));
      assertEquals("to the left", throughSerialLine(right, left, "to the left"));
    }
  }

  /** Writes at one end with echo(1), reads a line at the other with head(1), as serial tools do. */
  private static String throughSerialLine(Path from, Path to, String text) throws Exception {
    Process reader =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec 3<>\"$1\"; stty raw -echo <&3; echo open; head -n 1 <&3",
                "reader",
                to.toString())
            .start();
    var lines = reader.inputReader();
    assertEquals("open", lines.readLine());
    Process writer =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec 3<>\"$1\"; stty raw -echo <&3; echo \"$2\" >&3",
                "writer",
                from.toString(),
                text)
            .start();
    assertEquals(0, writer.waitFor());
    String line = lines.readLine();
    reader.waitFor();
    return line;
  }
}
