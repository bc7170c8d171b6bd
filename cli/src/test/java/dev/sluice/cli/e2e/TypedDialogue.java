package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * What a user types in a terminal and sees there, played by expect(1).
 *
 * @param folder where the shell of the terminal starts
 */
record TypedDialogue(Path folder) {
  private static final Path EXPECT = Path.of("/usr/bin/expect");

  /**
   * Types into a shell in the folder, where {@code $S} is the relay, and waits for its answers.
   *
   * @param lines of expect's language, which has a procedure {@code want TEXT}
   */
  void play(String... lines) throws IOException {
    Command here = new Command(new Tool("expect", EXPECT), "-f", write(lines).toString());
    assertPlays(here.in(folder).env("S", Tool.OURS.program().toString()));
  }

  /** The same in a terminal of a private host. */
  void playOn(PrivateHost host, String... lines) throws IOException {
    assertPlays(host.shell(EXPECT + " -f " + write(lines)));
  }

  private static void assertPlays(Command command) {
    Assumptions.assumeTrue(Files.isExecutable(EXPECT), "expect is not installed");
    Outcome outcome = command.run();
    assertEquals(0, outcome.status(), outcome.toString());
  }

  private Path write(String... lines) throws IOException {
    String start =
        """
        set timeout %d
        proc want {text} {
          expect {
            -ex $text {}
            timeout { puts "\\nnot seen: $text"; exit 1 }
            eof { puts "\\nended before: $text"; exit 1 }
          }
        }
        spawn -noecho env TERM=xterm PS1=ready> bash --norc --noprofile
        stty rows 24 columns 80 < $spawn_out(slave,name)
        send "bind 'set enable-bracketed-paste off'; stty -g >before; echo o\\\\k\\r"
        want "ok\\r"
        """
            .formatted(Await.LIMIT.toSeconds());
    String script = start + String.join("\n", lines) + "\nexit 0\n";
    return Files.writeString(folder.resolve("dialogue"), script);
  }

  /** Holds if the dialogue wrote {@code stty -g >after} and the terminal is as at its start. */
  void assertTerminalIsAsBefore() throws IOException {
    assertEquals(
        Files.readString(folder.resolve("before")), Files.readString(folder.resolve("after")));
  }
}
