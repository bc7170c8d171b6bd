package dev.sluice.fleet.verb;

import dev.sluice.fleet.convert.Converter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a fleet's file of another program's. */
@Command(
    name = "convert",
    description = {
      "Makes a fleet's file of a file of frp (TOML), gost (YAML), rinetd, HAProxy (listen), or of"
          + " lines ssh -L.",
      "It goes to standard output, what was left out to standard error. The exit status is 2 when"
          + " something was, 1 when nothing could be taken over."
    })
final class ConvertVerb implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", description = "The file of the other program.")
  private Path file = Path.of("");

  @Option(
      names = "--from",
      paramLabel = "PROGRAM",
      description = "frp, gost, rinetd, haproxy or ssh; guessed without this option.")
  private @Nullable String from;

  ConvertVerb(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<String> lines;
    try {
      lines = Files.readString(file, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new Refusal(file + ": " + (Files.exists(file) ? "can't be read" : "no such file"));
    }
    Converter.Result result = Converter.convert(format(lines), lines);
    result.leftOut().forEach(line -> terminal.err().println("left out: " + line));
    if (result.relays() == 0) {
      throw new Refusal(file + ": nothing in it could be taken over");
    }
    terminal.out().print(result.text());
    return result.leftOut().isEmpty() ? 0 : 2;
  }

  private Converter.Format format(List<String> lines) {
    if (from == null) {
      return Converter.guess(file.toString(), lines);
    }
    try {
      return Converter.Format.valueOf(from.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new Refusal("--from is frp, gost, rinetd, haproxy or ssh");
    }
  }
}
