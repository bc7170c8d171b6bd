package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bash and zsh offer when a user presses the tabulator, and what they make of it. */
class CompletionTest {
  private static final Path FILES = Tool.ROOT.resolve("docs/completion");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--s           | --statistics",
        "-l            | -lf -lh -lm -lp -ls -lu -ly",
        "TCP-LIS       | TCP-LISTEN:",
        "tcp4-l        | tcp4-l: tcp4-listen:",
        "STDI          | STDIN STDIO",
        "-!!STDO       | -!!STDOUT",
        "TCP-L:80,reusea | TCP-L:80,reuseaddr",
        "tcp-l:80,fork,rang | tcp-l:80,fork,range=",
        "TCP:h:80,rang |",
        "-,ignore      | -,ignoreeof -,ignoreof",
        "-,fla         |",
        "OPEN:x,creat  | OPEN:x,creat OPEN:x,create",
        "NOSUCH:x,fo   |",
        "OPEN:fo       | OPEN:folder/ OPEN:found",
      })
  void offersWhatFits(String word, String expected) throws IOException {
    Files.createDirectory(folder.resolve("folder"));
    Files.createFile(folder.resolve("found"));
    for (String shell : new String[] {"bash", "zsh"}) {
      Path program = Path.of("/usr/bin", shell);
      Assumptions.assumeTrue(Files.isExecutable(program), "needs " + shell);
      String file = shell.equals("bash") ? "sluice" : "_sluice";
      // in zsh the last line would complete at once
      String script =
          "eval \"$(grep -v '^_sluice \"' "
              + FILES.resolve(file)
              + ")\"; _sluice_candidates \"$1\"";
      Outcome offered =
          new Command(new Tool(shell, program), "-c", script, shell, word).in(folder).run();
      assertEquals("", offered.stderr(), shell);
      assertEquals(
          expected == null ? "" : expected,
          String.join(" ", offered.stdout().lines().sorted().toList()),
          shell);
    }
  }

  @Test
  void bashCompletesWhatIsTyped() throws IOException {
    completes("bash --norc --noprofile", "source " + FILES.resolve("sluice"));
  }

  @Test
  void zshCompletesWhatIsTyped() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/zsh")), "needs zsh");
    completes("zsh -f", "fpath=(" + FILES + " \\$fpath); autoload -U compinit; compinit -u -D");
  }

  private void completes(String shell, String setUp) throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/expect")), "needs expect");
    Path script = folder.resolve("typing");
    Files.writeString(
        script,
        """
        set timeout %d
        proc want {text} {
          expect {
            -ex $text {}
            timeout { puts "\\nnot seen: $text"; exit 1 }
            eof { puts "\\nended before: $text"; exit 1 }
          }
        }
        spawn -noecho env TERM=dumb %s
        send "sluice() { printf '<%%s>' \\"\\$@\\"; echo; }; PS1='rea''dy>'; echo o''k\\r"
        want "ok\\r"
        want "ready>"
        send "%s; echo do''ne\\r"
        want "done\\r"
        want "ready>"
        send "sluice --exp\\ttcp-lis\\t8080,reusea\\t,max-ch\\t5 -,ignoree\\t\\r"
        want "<--experimental><tcp-listen:8080,reuseaddr,max-children=5><-,ignoreeof>"
        """
            .formatted(Await.LIMIT.toSeconds(), shell, setUp));
    Outcome outcome =
        new Command(new Tool("expect", Path.of("/usr/bin/expect")), script.toString())
            .in(folder)
            .run();
    assertEquals(0, outcome.status(), outcome.toString());
  }
}
