package dev.sluice.connector.web;

/** Words and numbers of frames, see RFC 6455, sections 5.2 and 7.4. */
final class Frame {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** Of the first byte: the last frame of its message, and what no extension of ours uses. */
  static final int FINAL = 0x80;

  static final int RESERVED = 0x70;
  static final int OPCODE = 0x0f;

  /** Of the second byte. */
  static final int MASKED = 0x80;

  static final int LENGTH = 0x7f;

  /** Lengths that stand for two, and for eight more bytes of length. */
  static final int LENGTH_16 = 126;

  static final int LENGTH_64 = 127;

  /** The most bytes of a control frame. */
  static final int CONTROL = 125;

  static final int NORMAL = 1000;
  static final int GOING_AWAY = 1001;
  static final int PROTOCOL_ERROR = 1002;
  static final int NO_CODE = 1005;
  static final int NOT_TEXT = 1007;
  static final int FAILED = 1011;

  private Frame() {}

  static boolean isControl(int opcode) {
    return opcode >= CLOSE;
  }

  /** Whether a peer may close with that code. */
  static boolean isCloseCode(int code) {
    boolean isOfProtocol =
        code >= NORMAL && code <= 1014 && code != 1004 && code != NO_CODE && code != 1006;
    return isOfProtocol || (code >= 3000 && code < 5000);
  }

  /** The peer does not speak the protocol. */
  static final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * A violation that is told.
     *
     * @param code to close with
     */
    Violation(int code, String message) {
      super("WebSocket: " + message);
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}
