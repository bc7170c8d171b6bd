package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the documents show in fenced blocks. */
final class Documentation {
  private static final List<String> FILES =
      List.of(
          "README.md",
          "docs/guide.md",
          "docs/from-socat.md",
          "docs/supervision.md",
          "docs/performance.md");
  private static final Pattern FENCE =
      Pattern.compile("^```(.*)\n((?:.*\n)*?)```$", Pattern.MULTILINE);

  private Documentation() {}

  /**
   * Commands that belong together: a paragraph of a block of language sh.
   *
   * @param file where they stand
   * @param lines as they are typed
   */
  record Commands(String file, List<String> lines) {}

  static Stream<Commands> commands() {
    return FILES.stream()
        .flatMap(
            file ->
                blocks(file)
                    .filter(block -> block.group(1).equals("sh"))
                    .flatMap(block -> Stream.of(block.group(2).split("\n\n", -1)))
                    .map(paragraph -> new Commands(file, typed(paragraph))));
  }

  private static List<String> typed(String paragraph) {
    return paragraph.lines().filter(line -> !line.startsWith("#")).toList();
  }

  /** The languages of all blocks: sh for commands, java, and text for what is neither. */
  static List<String> languages() {
    return FILES.stream().flatMap(Documentation::blocks).map(block -> block.group(1)).toList();
  }

  /** All blocks of Java. */
  static List<String> java() {
    return FILES.stream()
        .flatMap(Documentation::blocks)
        .filter(block -> block.group(1).equals("java"))
        .map(block -> block.group(2))
        .toList();
  }

  /** The block of README that begins so. */
  static String readmeBlock(String beginning) {
    return blocks("README.md")
        .map(block -> block.group(2))
        .filter(block -> block.startsWith(beginning))
        .findFirst()
        .orElseThrow(() -> new AssertionError("README has no block " + beginning));
  }

  /** Commands in running text, where nobody tries them. */
  static List<String> strayCommands() {
    List<String> found = new ArrayList<>();
    for (String file : FILES) {
      String text = FENCE.matcher(text(file)).replaceAll("");
      Pattern command = Pattern.compile("`((?:bin/)?(?:sluice|socat|filan|procan) [^`]*)`");
      command.matcher(text).results().forEach(match -> found.add(file + ": " + match.group(1)));
    }
    return found;
  }

  private static Stream<MatchResult> blocks(String file) {
    return FENCE.matcher(text(file)).results();
  }

  private static String text(String file) {
    try {
      return Files.readString(Tool.ROOT.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
