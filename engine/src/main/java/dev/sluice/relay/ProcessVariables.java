package dev.sluice.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The environment that the launcher was given, byte for byte: one character stands for one byte.
 * Variables that the launcher added for itself (property {@code sluice.added}) are left out; those
 * that it removed ({@code sluice.taken.NAME}) are included.
 */
public final class ProcessVariables {
  private static final String ADDED = "sluice.added";
  private static final String TAKEN = "sluice.taken.";
  private static final List<String> MAY_BE_TAKEN =
      List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private ProcessVariables() {}

  /** All variables. */
  public static Map<String, String> all() {
    return Holder.ALL;
  }

  private static final class Holder {
    static final Map<String, String> ALL = asGiven(read());
  }

  private static Map<String, String> asGiven(Map<String, String> variables) {
    Map<String, String> all = new LinkedHashMap<>(variables);
    all.keySet().removeAll(List.of(System.getProperty(ADDED, "").split(",", -1)));
    for (String name : MAY_BE_TAKEN) {
      String value = System.getProperty(TAKEN + name);
      if (value != null) {
        all.put(name, value);
      }
    }
    return all;
  }

  private static Map<String, String> read() {
    Map<String, String> all = new LinkedHashMap<>();
    try {
      String text = Files.readString(Path.of("/proc/self/environ"), StandardCharsets.ISO_8859_1);
      for (String entry : text.split("\0", -1)) {
        int at = entry.indexOf('=');
        if (at > 0) {
          all.put(entry.substring(0, at), entry.substring(at + 1));
        }
      }
      return all;
    } catch (IOException e) {
      return System.getenv();
    }
  }
}
