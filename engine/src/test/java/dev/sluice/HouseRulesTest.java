package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * How long files and methods may be, in all modules. A method counts from the brace that opens its
 * body to the one that closes it.
 */
class HouseRulesTest {
  private static final int MOST_LINES = 400;
  private static final int MOST_IN_METHOD = 40;

  /** A test is a story: it may be told at more length. */
  private static final int MOST_IN_TEST = 70;

  /** One row after the other; to split them would help nobody. */
  private static final Set<String> TABLES =
      Set.of(
          "AddressFixtures",
          "CipherList.meaning",
          "CommandLineErrorTest",
          "CommandLineErrorTest.addresses",
          "Endpoint", // two short methods for each of its attributes
          "KindParties.make",
          "OptionEvidence",
          "VersionText.features");

  /**
   * What is too long and no table. Nothing may be added here; what was split is to be taken out, or
   * the test fails.
   */
  private static final Set<String> TO_BE_SPLIT = Set.of("StreamConnector.finish");

  /** The sources of all modules, ours and those of tests. */
  private static List<Path> sources() throws IOException {
    Path root = Path.of(System.getProperty("sluice.root", ".."));
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> root.relativize(path).toString().matches(".*\\bsrc/(main|test)/.*"))
          .filter(path -> !root.relativize(path).toString().contains("target/"))
          .sorted()
          .toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static void check(Map<String, String> tooLong) {
    Map<String, String> unknown = new TreeMap<>(tooLong);
    unknown.keySet().removeAll(TABLES);
    unknown.keySet().removeAll(TO_BE_SPLIT);
    assertEquals(
        Map.of(), unknown, "split these along a seam, or, if they are tables, say so in TABLES");
  }

  @Test
  void filesAndMethodsAreShort() throws IOException {
    Map<String, String> tooLong = new TreeMap<>();
    List<Path> sources = sources();
    for (Path file : sources) {
      int lines = Files.readAllLines(file).size();
      if (lines > MOST_LINES) {
        tooLong.put(name(file), lines + " lines, at most " + MOST_LINES);
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  problem -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(unit, positions, tooLong).scan(unit, null);
      }
    }
    check(tooLong);
    Set<String> shortNow = new TreeSet<>(TO_BE_SPLIT);
    shortNow.addAll(TABLES);
    shortNow.removeAll(tooLong.keySet());
    assertEquals(Set.of(), shortNow, "these are short now: take them out of the lists");
  }

  /** Finds the long methods of one file. */
  private static final class Methods extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Map<String, String> tooLong;

    Methods(CompilationUnitTree unit, SourcePositions positions, Map<String, String> tooLong) {
      this.unit = unit;
      this.positions = positions;
      this.tooLong = tooLong;
    }

    @Override
    public Void visitMethod(MethodTree method, Void nothing) {
      if (method.getBody() != null) {
        Path file = Path.of(unit.getSourceFile().toUri());
        long length =
            line(positions.getEndPosition(unit, method.getBody()))
                - line(positions.getStartPosition(unit, method.getBody()))
                + 1;
        int most = file.toString().contains("/src/test/") ? MOST_IN_TEST : MOST_IN_METHOD;
        if (length > most) {
          tooLong.put(name(file) + "." + method.getName(), length + " lines, at most " + most);
        }
      }
      return super.visitMethod(method, null);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }
  }
}
