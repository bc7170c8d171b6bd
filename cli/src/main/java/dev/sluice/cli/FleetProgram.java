package dev.sluice.cli;

import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.RelayOptions;
import dev.sluice.fleet.verb.ClusterCommand;
import dev.sluice.fleet.verb.FleetCommand;
import dev.sluice.fleet.verb.FleetHost;
import dev.sluice.os.LibC;
import dev.sluice.os.Orphans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code sluice fleet …}: what the module {@code fleet} asks of the program around it. The module's
 * jars are on the class path only when the launcher saw that word.
 */
final class FleetProgram implements FleetHost {
  /** The first word. */
  static final String WORD = "fleet";

  /** The same of a fleet that is part of a cluster. */
  static final String CLUSTER = "cluster";

  /** HUP, INT and TERM, each as the bit of its number. */
  private static final int SIGNALS = 1 << 1 | 1 << 2 | 1 << 15;

  /** Options of the process, which many relays share. */
  private static final Pattern OF_THE_PROCESS =
      Pattern.compile("-(?:V|h|\\?|d|l|S|L|W|-progress|-statistics).*");

  private final @Nullable Packaged packaged = Packaged.find();

  private FleetProgram() {}

  /** Runs the verb that the words ask for, of which the first is one of those above. */
  static int run(List<String> line) {
    List<String> words = line.subList(1, line.size());
    try {
      return line.get(0).equals(CLUSTER)
          ? ClusterCommand.run(words)
          : FleetCommand.run(new FleetProgram(), words);
    } catch (NoClassDefFoundError e) {
      System.err.println(
          "sluice fleet: its jars are not on the class path ("
              + e.getMessage()
              + "); start it by bin/sluice, which has them in lib");
      return 1;
    }
  }

  @Override
  public Catalog catalog() {
    return Packaged.catalog(packaged);
  }

  @Override
  public Optional<Map<String, Object>> akkaConfiguration() {
    return packaged == null ? Optional.empty() : Optional.of(packaged.configuration());
  }

  @Override
  public RelayOptions options() {
    return FleetProgram::read;
  }

  private static RelayOptions.@Nullable Said read(List<String> words, Consumer<String> problem) {
    List<String> line = new ArrayList<>(words);
    line.add("left");
    line.add("right");
    CommandLine reader = new CommandLine("sluice", line, Map.of());
    CommandLine.Request request = reader.read();
    for (String word : words) {
      if (OF_THE_PROCESS.matcher(word).matches()) {
        problem.accept(
            "option \"" + word + "\" is for a whole process, and there are other relays in it");
        return null;
      }
    }
    if (request instanceof CommandLine.Run run) {
      if (run.left().equals("left") && run.right().equals("right")) {
        return new RelayOptions.Said(run.settings(), run.checkGroups());
      }
      problem.accept("options \"" + String.join(" ", words) + "\": the last one has no argument");
    } else if (request instanceof CommandLine.Mistake mistake) {
      problem.accept(mistake.message());
    } else if (request instanceof CommandLine.Refuse refuse) {
      problem.accept(refuse.text());
    } else {
      problem.accept("options \"" + String.join(" ", words) + "\" are not understood");
    }
    return null;
  }

  @Override
  public void startLogging(int verbosity, Optional<String> file) throws IOException {
    Logging.configure(
        new LogSettings(
            verbosity,
            Main.programName(),
            false,
            Optional.empty(),
            file.isEmpty(),
            JournalTarget.isStderr(System.getenv()),
            file,
            Optional.empty(),
            false));
  }

  @Override
  public void becomeService() {
    Thread loading = new Thread(LibC::load, "load-native");
    loading.start();
    Thread.setDefaultUncaughtExceptionHandler(RelayProcess::onUncaught);
    RelayProcess.returnToFolder(loading);
    Orphans.reapIfFirst();
    new Thread(NativeCrypto::install, "crypto").start();
  }

  @Override
  public void onSignal(IntConsumer handler) {
    Signals.install(SIGNALS, handler, () -> {});
  }

  @Override
  public void end(int status) {
    RelayProcess.end(status);
  }
}
