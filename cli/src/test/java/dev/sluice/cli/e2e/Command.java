package dev.sluice.cli.e2e;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a tool is to be started: arguments, input, folder, environment, and what the shell before it
 * does.
 */
final class Command {
  private final Tool tool;
  private final List<String> arguments;
  private final Map<String, String> environment = new TreeMap<>();
  private final List<String> shell = new ArrayList<>();
  private byte @Nullable [] input = new byte[0];
  private @Nullable Path folder;

  Command(Tool tool, String... arguments) {
    this.tool = tool;
    this.arguments = List.of(arguments);
  }

  /** Standard input is these bytes, then end of file. Without this it is empty. */
  Command input(byte[] bytes) {
    this.input = bytes;
    return this;
  }

  Command input(String text) {
    return input(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Standard input is a pipe that {@link Run#send} fills and {@link Run#endInput} closes. */
  Command openInput() {
    this.input = null;
    return this;
  }

  Command in(Path workingFolder) {
    this.folder = workingFolder;
    return this;
  }

  Command env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /**
   * A line of bash before the tool takes the shell's place: {@code exec 3<>file}, {@code ulimit -n
   * 100}.
   */
  Command after(String shellLine) {
    shell.add(shellLine);
    return this;
  }

  /** Starts the tool. The caller closes the run. */
  Run start() {
    List<String> words = new ArrayList<>();
    if (!shell.isEmpty()) {
      words.addAll(List.of("bash", "-c", String.join("\n", shell) + "\nexec \"$0\" \"$@\""));
    }
    words.add(tool.program().toString());
    words.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().keySet().removeIf(name -> name.startsWith("SOCAT_"));
    builder.environment().putAll(environment);
    builder.environment().put("LC_ALL", "C");
    if (folder != null) {
      builder.directory(folder.toFile());
    }
    return new Run(tool, builder, input);
  }

  /** Starts the tool and waits for its end. */
  Outcome run() {
    try (Run run = start()) {
      return run.await();
    }
  }
}
