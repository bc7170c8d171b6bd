package dev.sluice.fleet.file;

import dev.sluice.relay.RelaySettings;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the options of a relay: those of the command line, by the command line's own code. */
@FunctionalInterface
public interface RelayOptions {
  /**
   * What options say.
   *
   * @param settings how the relay behaves
   * @param checkGroups whether options of addresses must fit their address (off with {@code -g})
   */
  record Said(RelaySettings settings, boolean checkGroups) {}

  /** Reads words; null when something is wrong, which {@code problem} is told. */
  @Nullable Said read(List<String> words, Consumer<String> problem);
}
