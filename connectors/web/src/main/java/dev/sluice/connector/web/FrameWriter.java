package dev.sluice.connector.web;

import akka.util.ByteString;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** Makes frames of RFC 6455. */
final class FrameWriter {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final boolean isClient;

  /** Keys for the next frames: one call for many. */
  private final ByteBuffer keys = ByteBuffer.allocate(1024).limit(0);

  /**
   * A writer of one connection.
   *
   * @param isClient whether to mask
   */
  FrameWriter(boolean isClient) {
    this.isClient = isClient;
  }

  /** A message in one frame, or a control frame. */
  ByteString frame(int opcode, ByteString payload) {
    int length = payload.length();
    int more = length <= Frame.CONTROL ? 0 : length <= 0xffff ? Short.BYTES : Long.BYTES;
    int head = 2 + more + (isClient ? Integer.BYTES : 0);
    ByteBuffer frame = ByteBuffer.allocate(head + length);
    int mask = isClient ? Frame.MASKED : 0;
    frame.put((byte) (Frame.FINAL | opcode));
    switch (more) {
      case 0 -> frame.put((byte) (mask | length));
      case Short.BYTES -> frame.put((byte) (mask | Frame.LENGTH_16)).putShort((short) length);
      default -> frame.put((byte) (mask | Frame.LENGTH_64)).putLong(length);
    }
    int key = isClient ? key() : 0;
    if (isClient) {
      frame.putInt(key);
    }
    payload.copyToBuffer(frame);
    if (isClient) {
      Mask.apply(frame.array(), head, head + length, key, 0);
    }
    return ByteString.fromArrayUnsafe(frame.array());
  }

  /** A close frame; the reason is cut where it is too long. */
  ByteString close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(text.length, Frame.CONTROL - Short.BYTES);
    while (length < text.length && length > 0 && (text[length] & 0xc0) == 0x80) {
      length--; // not within a character
    }
    ByteBuffer payload = ByteBuffer.allocate(Short.BYTES + length);
    payload.putShort((short) code).put(text, 0, length);
    return frame(Frame.CLOSE, ByteString.fromArrayUnsafe(payload.array()));
  }

  private int key() {
    if (!keys.hasRemaining()) {
      RANDOM.nextBytes(keys.array());
      keys.clear();
    }
    return keys.getInt();
  }
}
