package dev.sluice.fleet.top;

/**
 * A key that was pressed.
 *
 * @param kind which one
 * @param text what it types; empty for keys that type nothing
 */
record Key(Kind kind, String text) {
  enum Kind {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    ENTER,
    ESCAPE,
    BACKSPACE,
    /** Control and C. */
    INTERRUPT,
    TEXT
  }

  static Key of(Kind kind) {
    return new Key(kind, "");
  }
}
