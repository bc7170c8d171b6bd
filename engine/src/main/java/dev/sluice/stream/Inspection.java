package dev.sluice.stream;

import java.time.LocalDateTime;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a session's user wants to see of one direction.
 *
 * @param rawCopy takes a copy of every block, as written; null for none
 * @param dump renders every block; null for none
 * @param dumpTarget takes what {@code dump} renders
 */
public record Inspection(
    @Nullable Consumer<byte[]> rawCopy, @Nullable Dump dump, Consumer<byte[]> dumpTarget) {
  public static final Inspection NONE = new Inspection(null, null, bytes -> {});

  /** Whether there is anything to look at. */
  public boolean isNeeded() {
    return rawCopy != null || dump != null;
  }

  /** Looks at a block, right before it is written. */
  public void look(byte[] block) {
    if (rawCopy != null) {
      rawCopy.accept(block);
    }
    if (dump != null) {
      dumpTarget.accept(dump.render(block, LocalDateTime.now(java.time.ZoneId.systemDefault())));
    }
  }
}
