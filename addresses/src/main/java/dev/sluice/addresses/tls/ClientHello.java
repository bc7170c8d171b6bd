package dev.sluice.addresses.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ClientHello of a DTLS handshake, before there are keys: RFC 6347, sections 4.2.1 and 4.2.2.
 *
 * @param version two bytes: of the records that it came in
 * @param number of the message in its handshake, from 0; each HelloVerifyRequest makes it one more
 * @param body the message without its header
 */
record ClientHello(int version, int number, byte[] body) {
  /** Length in bytes of the largest one that is looked at. */
  static final int LARGEST = 8192;

  private static final int HANDSHAKE = 22;
  private static final int CLIENT_HELLO = 1;
  private static final int HELLO_VERIFY_REQUEST = 3;
  private static final int RECORD_NUMBER = 5;
  private static final int RECORD_HEADER = 13;
  private static final int MESSAGE_NUMBER = RECORD_HEADER + 4;
  private static final int MESSAGE_HEADER = 12;
  private static final int VERSION_AND_RANDOM = 34;

  /**
   * A part of a ClientHello; some clients cut it in pieces.
   *
   * @param version of the record
   * @param number of the message
   * @param total bytes of the whole message
   * @param offset of the part in it
   * @param content the part
   */
  record Fragment(int version, int number, int total, int offset, byte[] content) {
    /** Whether it is all of the message. */
    boolean isWhole() {
      return content.length == total;
    }
  }

  /** The parts in a datagram, up to the first thing in it that is something else. */
  static List<Fragment> fragments(byte[] packet) {
    List<Fragment> all = new ArrayList<>();
    int at = 0;
    while (at + RECORD_HEADER + MESSAGE_HEADER <= packet.length) {
      int end = at + RECORD_HEADER + number(packet, at + 11, 2);
      int message = at + RECORD_HEADER;
      int content = message + MESSAGE_HEADER;
      int total = number(packet, message + 1, 3);
      int offset = number(packet, message + 6, 3);
      int length = number(packet, message + 9, 3);
      boolean isPart =
          packet[at] == HANDSHAKE
              && number(packet, at + 3, 2) == 0 // epoch: no keys yet
              && packet[message] == CLIENT_HELLO
              && end <= packet.length
              && content + length == end
              && length > 0
              && total <= LARGEST
              && offset + length <= total;
      if (!isPart) {
        return all;
      }
      all.add(
          new Fragment(
              number(packet, at + 1, 2),
              number(packet, message + 4, 2),
              total,
              offset,
              Arrays.copyOfRange(packet, content, end)));
      at = end;
    }
    return all;
  }

  private static int number(byte[] from, int at, int bytes) {
    int value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << 8) | (from[at + i] & 0xff);
    }
    return value;
  }

  private static void put(byte[] to, int at, int bytes, long value) {
    for (int i = 0; i < bytes; i++) {
      to[at + i] = (byte) (value >> (8 * (bytes - 1 - i)));
    }
  }

  /** Where its cookie begins, with a byte for its length; -1 if it is too short to have one. */
  private int cookieAt() {
    int at = VERSION_AND_RANDOM;
    if (at < body.length) {
      at += 1 + (body[at] & 0xff);
    }
    return at < body.length && at + 1 + (body[at] & 0xff) <= body.length ? at : -1;
  }

  /** Whether it has the fields that come before the cookie, and the cookie. */
  boolean isComplete() {
    return cookieAt() >= 0;
  }

  /** The cookie in it, which may be empty. */
  byte[] cookie() {
    int at = cookieAt() + 1;
    return Arrays.copyOfRange(body, at, at + (body[at - 1] & 0xff));
  }

  /** The same as its client sends it before it has a cookie. */
  ClientHello withoutCookie(int newNumber) {
    int at = cookieAt();
    int rest = at + 1 + (body[at] & 0xff);
    byte[] shorter = new byte[at + 1 + body.length - rest];
    System.arraycopy(body, 0, shorter, 0, at);
    System.arraycopy(body, rest, shorter, at + 1, body.length - rest);
    return new ClientHello(version, newNumber, shorter);
  }

  /** A datagram with it, in one piece; the record has the number of the message. */
  byte[] packet() {
    byte[] packet = new byte[RECORD_HEADER + MESSAGE_HEADER + body.length];
    packet[0] = HANDSHAKE;
    put(packet, 1, 2, version);
    put(packet, RECORD_NUMBER, 6, number);
    put(packet, 11, 2, MESSAGE_HEADER + body.length);
    packet[RECORD_HEADER] = CLIENT_HELLO;
    put(packet, RECORD_HEADER + 1, 3, body.length);
    put(packet, MESSAGE_NUMBER, 2, number);
    put(packet, RECORD_HEADER + 9, 3, body.length);
    System.arraycopy(body, 0, packet, RECORD_HEADER + MESSAGE_HEADER, body.length);
    return packet;
  }

  // --- the answer to it

  /** Whether a datagram is a HelloVerifyRequest. */
  static boolean isVerifyRequest(byte[] packet, int length) {
    return length > RECORD_HEADER
        && packet[0] == HANDSHAKE
        && number(packet, 3, 2) == 0
        && packet[RECORD_HEADER] == HELLO_VERIFY_REQUEST;
  }

  /** The cookie in a HelloVerifyRequest; null in anything else. */
  static byte @Nullable [] cookieOf(byte[] answer) {
    int at = RECORD_HEADER + MESSAGE_HEADER + 2;
    return isVerifyRequest(answer, answer.length)
            && answer.length > at
            && at + 1 + (answer[at] & 0xff) == answer.length
        ? Arrays.copyOfRange(answer, at + 1, answer.length)
        : null;
  }

  /**
   * A HelloVerifyRequest as the answer to this one. Its record has the number of the message, as
   * the session's engine counts: what follows must not have a number that the client has seen.
   */
  byte[] numbered(byte[] verifyRequest) {
    byte[] numbered = verifyRequest.clone();
    put(numbered, RECORD_NUMBER, 6, number);
    put(numbered, MESSAGE_NUMBER, 2, number);
    return numbered;
  }
}
