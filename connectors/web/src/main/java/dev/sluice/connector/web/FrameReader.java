package dev.sluice.connector.web;

import akka.util.ByteString;
import dev.sluice.connector.web.Frame.Violation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads frames of RFC 6455 from blocks of bytes, wherever these are cut. All messages of a block
 * are read at once: a stage for each message would cost more than the message.
 */
final class FrameReader {
  /** Is told of frames that are not data. */
  interface Control {
    void ping(byte[] payload);

    /**
     * The peer closes.
     *
     * @param code {@link Frame#NO_CODE} where it gives none
     */
    void close(int code, String reason);
  }

  private static final int LONGEST_HEAD = 14;

  private final boolean fromClient;
  private final Control control;
  private final byte[] head = new byte[LONGEST_HEAD];
  private final byte[] controlPayload = new byte[Frame.CONTROL];
  private final CharsetDecoder text = StandardCharsets.UTF_8.newDecoder();
  private final CharBuffer characters = CharBuffer.allocate(1024);

  /** Bytes of the head that have come; all of them while the payload comes. */
  private int headLength;

  private boolean inPayload;
  private int opcode;
  private boolean isFinal;
  private long length;
  private long come;
  private int key;

  /** A message has begun and not ended. */
  private boolean inMessage;

  private boolean isText;

  /** Bytes of a character that is cut. */
  private byte[] cut = {};

  private boolean closed;

  // of one block
  private byte[] out = {};
  private int outLength;
  private int[] ends = {};
  private int endCount;

  /**
   * A reader of one connection.
   *
   * @param fromClient whether the peer is a client, which masks its frames
   */
  FrameReader(boolean fromClient, Control control) {
    this.fromClient = fromClient;
    this.control = control;
  }

  /** Whether more must come before the connection may end. */
  boolean isWithinMessage() {
    return headLength > 0 || inMessage;
  }

  /**
   * Reads a block. What comes after a close frame is ignored.
   *
   * @throws Violation when the peer does not speak the protocol
   */
  Received read(ByteString block) {
    byte[] in = block.toArrayUnsafe();
    out = new byte[in.length];
    outLength = 0;
    endCount = 0;
    int at = 0;
    while (at < in.length && !closed) {
      at = inPayload ? payload(in, at) : head(in, at);
    }
    return new Received(
        ByteString.fromArrayUnsafe(out, 0, outLength), Arrays.copyOf(ends, endCount));
  }

  private int head(byte[] in, int from) {
    int at = from;
    while (at < in.length && headLength < neededHead()) {
      head[headLength++] = in[at++];
    }
    if (headLength == neededHead()) {
      begin();
    }
    return at;
  }

  private int neededHead() {
    if (headLength < 2) {
      return 2;
    }
    int short7 = head[1] & Frame.LENGTH;
    int more = short7 == Frame.LENGTH_16 ? 2 : short7 == Frame.LENGTH_64 ? 8 : 0;
    return 2 + more + ((head[1] & Frame.MASKED) != 0 ? Integer.BYTES : 0);
  }

  private void begin() {
    opcode = head[0] & Frame.OPCODE;
    isFinal = (head[0] & Frame.FINAL) != 0;
    boolean isMasked = (head[1] & Frame.MASKED) != 0;
    ByteBuffer bytes = ByteBuffer.wrap(head);
    int short7 = head[1] & Frame.LENGTH;
    length =
        short7 == Frame.LENGTH_16
            ? Short.toUnsignedInt(bytes.getShort(2))
            : short7 == Frame.LENGTH_64 ? bytes.getLong(2) : short7;
    key = isMasked ? bytes.getInt(headLength - Integer.BYTES) : 0;
    come = 0;
    check((head[0] & Frame.RESERVED) == 0, "a frame of an extension that was not agreed on");
    check(length >= 0, "a frame longer than any can be");
    check(isMasked == fromClient, fromClient ? "a frame without a mask" : "a frame with a mask");
    if (Frame.isControl(opcode)) {
      check(opcode <= Frame.PONG, "a frame of kind " + opcode);
      check(isFinal && length <= Frame.CONTROL, "a control frame that is too long");
    } else {
      check(opcode <= Frame.BINARY, "a frame of kind " + opcode);
      check(inMessage == (opcode == Frame.CONTINUATION), "a message within another");
      if (opcode != Frame.CONTINUATION) {
        isText = opcode == Frame.TEXT;
        inMessage = true;
      }
    }
    inPayload = true;
    if (length == 0) {
      end();
    }
  }

  private static void check(boolean fine, String violation) {
    if (!fine) {
      throw new Violation(Frame.PROTOCOL_ERROR, violation);
    }
  }

  private int payload(byte[] in, int at) {
    int size = (int) Math.min(length - come, in.length - at);
    if (Frame.isControl(opcode)) {
      System.arraycopy(in, at, controlPayload, (int) come, size);
      Mask.apply(controlPayload, (int) come, (int) come + size, key, come);
    } else {
      System.arraycopy(in, at, out, outLength, size);
      if (key != 0) {
        Mask.apply(out, outLength, outLength + size, key, come);
      }
      if (isText) {
        checkText(outLength, outLength + size);
      }
      outLength += size;
    }
    come += size;
    if (come == length) {
      end();
    }
    return at + size;
  }

  private void end() {
    inPayload = false;
    headLength = 0;
    switch (opcode) {
      case Frame.PING -> control.ping(Arrays.copyOf(controlPayload, (int) length));
      case Frame.PONG -> {}
      case Frame.CLOSE -> close();
      default -> {
        if (isFinal) {
          if (cut.length > 0) {
            throw notText();
          }
          inMessage = false;
          if (endCount == ends.length) {
            ends = Arrays.copyOf(ends, Math.max(16, 2 * endCount));
          }
          ends[endCount++] = outLength;
        }
      }
    }
  }

  private void close() {
    closed = true;
    if (length == 0) {
      control.close(Frame.NO_CODE, "");
      return;
    }
    check(length >= Short.BYTES, "a close frame with half a code");
    int code = Short.toUnsignedInt(ByteBuffer.wrap(controlPayload).getShort());
    check(Frame.isCloseCode(code), "a close frame with code " + code);
    try {
      String reason =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(controlPayload, Short.BYTES, (int) length - Short.BYTES))
              .toString();
      control.close(code, reason);
    } catch (CharacterCodingException e) {
      throw notText();
    }
  }

  /** Characters may be cut anywhere, by frames and by blocks. */
  private void checkText(int from, int to) {
    ByteBuffer bytes =
        ByteBuffer.allocate(cut.length + to - from).put(cut).put(out, from, to - from);
    bytes.flip();
    CoderResult result;
    do {
      result = text.decode(bytes, characters.clear(), false);
      if (result.isError()) {
        throw notText();
      }
    } while (result.isOverflow());
    cut = new byte[bytes.remaining()];
    bytes.get(cut);
  }

  private static Violation notText() {
    return new Violation(Frame.NOT_TEXT, "a text that is not UTF-8");
  }
}
