package dev.sluice.os;

import java.util.HashMap;
import java.util.Map;

/**
 * The settings that terminals had before we used them, to be put back when the last user is done,
 * or by {@link Undo#allThen}. Settings that are the same again are left alone, since writing them
 * would stop a process in the background. Thread-safe.
 */
public final class SavedTerminals {
  private static final Map<Integer, SavedTerminals> SAVED = new HashMap<>();

  private final int fd;
  private final Termios settings;
  private final Runnable undo;
  private int users;

  private SavedTerminals(int fd) {
    this.fd = fd;
    this.settings = Termios.of(fd);
    this.undo = Undo.register(this::restore);
  }

  /**
   * Remembers a descriptor's settings, if it is a terminal.
   *
   * @return to be run when the terminal is no longer used, before the descriptor is closed
   */
  public static Runnable save(Fd fd) {
    if (!LibC.isTerminal(fd.number())) {
      return () -> {};
    }
    synchronized (SAVED) {
      SavedTerminals saved = SAVED.computeIfAbsent(fd.number(), SavedTerminals::new);
      saved.users++;
      return saved::release;
    }
  }

  private void release() {
    synchronized (SAVED) {
      if (--users == 0) {
        SAVED.remove(fd);
        undo.run();
      }
    }
  }

  private void restore() {
    try {
      if (!Termios.of(fd).equals(settings)) {
        settings.applyTo(fd);
      }
    } catch (NativeError e) {
      return; // the terminal is gone, and nothing of it can be put back
    }
  }
}
