package dev.sluice.relay;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The environment of this process, byte for byte: one character stands for one byte. */
public final class ProcessVariables {
  private ProcessVariables() {}

  /** All variables. */
  public static Map<String, String> all() {
    return Holder.ALL;
  }

  private static final class Holder {
    static final Map<String, String> ALL = read();
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
