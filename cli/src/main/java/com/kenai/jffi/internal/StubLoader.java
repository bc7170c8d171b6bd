package com.kenai.jffi.internal;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Loads jffi's native part, in place of the class of that name that jffi brings: it starts {@code
 * java.util.logging}, which looks for its providers through the whole class path, for a fifth of
 * all the time that a relay takes to start. What jffi asks of it is in {@code com.kenai.jffi.Init}.
 */
@SuppressWarnings("restricted") // JDK 24 and later warn of every use of System.load
public final class StubLoader {
  private static final String FILE = "libjffi-1.2.so";
  private static final @Nullable String FAILURE = load();

  private StubLoader() {}

  /** Whether the native part is there. */
  public static boolean isLoaded() {
    return FAILURE == null;
  }

  /** Why not, if it is not. */
  public static @Nullable Throwable getFailureCause() {
    return FAILURE == null ? null : new UnsatisfiedLinkError(FAILURE);
  }

  private static @Nullable String load() {
    String folder = System.getProperty("jffi.boot.library.path");
    try {
      if (folder != null && new File(folder, FILE).exists()) {
        System.load(new File(folder, FILE).getAbsolutePath());
      } else {
        loadFromClassPath();
      }
      return null;
    } catch (IOException | LinkageError e) {
      return e.toString();
    }
  }

  private static void loadFromClassPath() throws IOException {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
    String resource = "/jni/" + machine + "-Linux/" + FILE;
    Path copy = Files.createTempFile("jffi", ".so");
    try (InputStream in = StubLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new FileNotFoundException(resource);
      }
      Files.write(copy, in.readAllBytes());
      System.load(copy.toString());
    } finally {
      Files.delete(copy);
    }
  }
}
