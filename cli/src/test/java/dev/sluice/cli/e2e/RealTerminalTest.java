package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does in a terminal, typed by expect(1). */
class RealTerminalTest {
  @TempDir Path folder;

  private void type(String... lines) throws IOException {
    new TypedDialogue(folder).play(lines);
  }

  private void assertTerminalIsAsBefore() throws IOException {
    new TypedDialogue(folder).assertTerminalIsAsBefore();
  }

  @Test
  void aShellBehindTheRelayHasJobControl() throws IOException {
    type(
        "send \"\\$S -,rawer,escape=0x1d EXEC:'bash --norc',pty,setsid,ctty,stderr,winsz=71:13;"
            + " stty -g >after; echo do\\\\ne\\r\"",
        "want \"ready>\"",
        "send \"PS1=in\\\\ner: ; stty size\\r\"",
        "want \"13 71\"",
        "want \"inner:\"",
        // says when it runs, and when it runs again: only then is the terminal its own; one
        // process, since a shell
        // that is about to start another may wait for one that was stopped
        "send \"perl -e '\\$|=1; \\$SIG{CONT}=sub{print qq(ba),qq(ck\\\\n)}; print qq(g),qq(o\\\\n);"
            + " sleep 9 while 1'\\r\"",
        "want \"go\\r\"",
        "send \"\\032\"",
        "want \"Stopped\"",
        "want \"inner:\"",
        "send \"fg\\r\"",
        "want \"back\\r\"",
        "send \"\\003\"",
        "want \"inner:\"",
        "send \"exit 0\\r\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void theTerminalIsPutBackAfterASignal() throws IOException {
    type(
        "send \"\\$S -,rawer SYSTEM:'printf u; echo p; exec sleep 1000' & pid=\\$!; fg >/dev/null; stty -g >after;"
            + " echo do\\\\ne\\r\"",
        "want \"up\"",
        "exec pkill -TERM -P [exp_pid]",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void linesAreEditedAndRemembered() throws IOException {
    script(
        "asker",
        """
        printf 'Name: '; read n; echo "got $n"
        printf 'Password: '; read p; echo "pw $p"
        while read l; do echo "line<$l>"; done
        """);
    type(
        "send \"\\$S READLINE,history=lines,noecho='\\[\\[:upper:]]assword:' EXEC:./asker;"
            + " stty -g >after; echo do\\\\ne\\r\"",
        "want \"Name: \"",
        "send \"joX\\177e\\r\"",
        "want \"got joe\"",
        "want \"Password: \"",
        "send \"secret\\r\"",
        "want \"pw secret\"",
        "send \"first\\r\"",
        "want \"line<first>\"",
        "send \"\\033OA\\033OD\\033ODxx\\r\"",
        "want \"line<firxxst>\"",
        "send \"\\004\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
    assertEquals(List.of("joe", "first", "firxxst"), Files.readAllLines(folder.resolve("lines")));
  }

  /** A script in the folder that the relay runs by its name. */
  private void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + text);
    assertTrue(file.toFile().setExecutable(true));
  }

  @Test
  void aFixedPromptStandsBeforeEachLine() throws IOException {
    script("mirror", "while read l; do echo \"<$l>\"; done\n");
    type(
        "send \"\\$S READLINE,prompt='say> ' EXEC:./mirror; stty -g >after; echo do\\\\ne\\r\"",
        "want \"say> \"",
        "send \"one\\r\"",
        "want \"<one>\"",
        "want \"say> \"",
        "send \"\\004\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void withoutPromptsWhatThePeerSaidLastIsNotRepeated() throws IOException {
    script("asker", "printf 'Na''me?'; read n; echo \"<$n>\"; read n\n");
    type(
        "send \"\\$S READLINE,noprompt EXEC:./asker; stty -g >after; echo do\\\\ne\\r\"",
        "want \"Name?\"",
        "send \"joe\\r\"",
        "expect {",
        "  -ex \"Name?\" { puts \"prompted again\"; exit 1 }",
        "  -ex \"<joe>\" {}",
        "  timeout { puts \"no answer\"; exit 1 }",
        "}",
        "send \"\\004\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void twoTerminalProgramsTalkOverANullModem() throws IOException {
    Programs.assumeInstalled("picocom");
    try (Run modem =
        Tool.OURS
            .command("-d", "-d", "PTY,rawer,link=left", "PTY,rawer,link=right")
            .in(folder)
            .start()) {
      modem.awaitLog("starting data transfer");
      type(
          "send \"picocom --nolock ./left\\r\"",
          "want \"Terminal ready\"",
          "set left $spawn_id",
          "spawn -noecho picocom --nolock ./right",
          "want \"Terminal ready\"",
          "set right $spawn_id",
          "send \"from right\\r\"",
          "set spawn_id $left",
          "want \"from right\"",
          "send \"from left\\r\"",
          "set spawn_id $right",
          "want \"from left\"",
          "send \"\\001\\030\"",
          "want \"Thanks for using picocom\"",
          "set spawn_id $left",
          "send \"\\001\\030\"",
          "want \"Thanks for using picocom\"",
          "want \"ready>\"",
          "send \"stty -g >after; echo do''ne\\r\"",
          "want \"done\"");
      assertTrue(modem.isAlive());
    }
    assertTerminalIsAsBefore();
  }

  /** What reads the terminal in a person's place finds no switching of its modes. */
  @Test
  void aScriptFindsTheTextAlone() throws IOException {
    script("asker", "printf 'Na''me: '; read n; printf 'Good day, %s. Next: ' $n; read n\n");
    type(
        "send \"TERM=xterm \\$S READLINE EXEC:./asker; stty -g >after; echo do\\\\ne\\r\"",
        "want \"Name: \"",
        "send \"joe\\r\"",
        "expect {",
        "  -re {\\x1b} { puts \"an escape\"; exit 1 }",
        "  -ex \"Good day, joe. Next: \" {}",
        "  timeout { puts \"no answer\"; exit 1 }",
        "}",
        "send \"\\004\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void anInterruptIsForTheProgram() throws IOException {
    script(
        "asker",
        "trap 'echo interrupted' INT; echo as''king; l=; until [ \"$l\" ]; do read l; done; echo \"<$l>\"\n");
    type(
        "send \"\\$S READLINE EXEC:./asker; stty -g >after; echo do\\\\ne\\r\"",
        "want \"asking\"",
        "send \"lost\"",
        "want \"lost\"",
        "send \"\\003\"",
        "want \"interrupted\"",
        "send \"kept\\r\"",
        "want \"<kept>\"",
        "want \"done\"");
    assertTerminalIsAsBefore();
  }

  @Test
  void editedLinesNeedATerminal() {
    Outcome outcome = Tool.OURS.command("READLINE", "EXEC:cat").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains("E tcgetattr(0, "), outcome.stderr());
  }
}
