package dev.sluice.connector.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private final List<String> control = new ArrayList<>();

  private final FrameReader.Control recorder =
      new FrameReader.Control() {
        @Override
        public void ping(byte[] payload) {
          control.add("ping " + HexFormat.of().formatHex(payload));
        }

        @Override
        public void close(int code, String reason) {
          control.add("close " + code + " " + reason);
        }
      };

  private final FrameReader ofServer = new FrameReader(false, recorder);
  private final FrameReader ofClient = new FrameReader(true, recorder);

  private static ByteString hex(String digits) {
    return ByteString.fromArrayUnsafe(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  private static ByteString random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return ByteString.fromArrayUnsafe(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 125, 126, 4096, 65535, 65536, 200_000})
  void whatIsWrittenIsReadHoweverItIsCut(int size) {
    for (boolean client : new boolean[] {true, false}) {
      ByteString message = random(size);
      ByteString frame = new FrameWriter(client).frame(Frame.BINARY, message);
      for (int piece : new int[] {1, 5, 1000, frame.length()}) {
        if (frame.length() / piece > 20_000) {
          continue;
        }
        FrameReader reader = new FrameReader(client, recorder);
        ByteString read = ByteString.emptyByteString();
        int ends = 0;
        for (int at = 0; at < frame.length(); at += piece) {
          assertFalse(at > 0 && !reader.isWithinMessage(), "at byte " + at);
          Received received = reader.read(frame.slice(at, Math.min(frame.length(), at + piece)));
          read = read.concat(received.bytes());
          ends += received.ends().length;
        }
        assertEquals(message, read, size + " bytes in pieces of " + piece);
        assertEquals(1, ends);
        assertFalse(reader.isWithinMessage());
      }
    }
  }

  @Test
  void aBlockMayHaveManyMessages() {
    Received received = ofServer.read(hex("8202 6162 8200 8201 63 0201 64"));
    assertEquals("abcd", received.bytes().utf8String());
    assertArrayEquals(new int[] {2, 2, 3}, received.ends());
    assertTrue(ofServer.isWithinMessage());
    assertArrayEquals(new int[] {1}, ofServer.read(hex("8001 65")).ends());
  }

  /** The example of RFC 6455, section 5.7. */
  @Test
  void aMaskIsTakenOff() {
    Received received = ofClient.read(hex("8185 37fa213d 7f9f4d5158"));
    assertEquals("Hello", received.bytes().utf8String());
  }

  @Test
  void controlFramesMayComeWithinAMessage() {
    Received received = ofServer.read(hex("0202 6162 8903 010203 8a00 8001 63 8805 03e9 627965"));
    assertEquals("abc", received.bytes().utf8String());
    assertEquals(List.of("ping 010203", "close 1001 bye"), control);
  }

  @Test
  void whatComesAfterACloseFrameIsIgnored() {
    assertTrue(ofServer.read(hex("8800 8201 61 ffff")).isEmpty());
    assertTrue(ofServer.read(hex("ffff")).isEmpty());
    assertEquals(List.of("close 1005 "), control);
  }

  @ParameterizedTest
  @CsvSource({
    "c200, 1002, a frame of an extension that was not agreed on",
    "8300, 1002, a frame of kind 3",
    "8b00, 1002, a frame of kind 11",
    "8281, 1002, ", // a mask from a server
    "827fffffffffffffffff, 1002, a frame longer than any can be",
    "0900, 1002, a control frame that is too long",
    "897e0080, 1002, a control frame that is too long",
    "8000, 1002, a message within another",
    "02008200, 1002, a message within another",
    "880103, 1002, a close frame with half a code",
    "880203ed, 1002, a close frame with code 1005",
    "88020bb7, 1002, a close frame with code 2999",
    "880303e8ff, 1007, a text that is not UTF-8",
    "8102c328, 1007, a text that is not UTF-8",
    "8101c3, 1007, a text that is not UTF-8",
  })
  void violationsAreTold(String bytes, int code, String message) {
    String all = bytes.equals("8281") ? "828100000000" : bytes;
    Frame.Violation violation =
        assertThrows(Frame.Violation.class, () -> ofServer.read(hex(all)), bytes);
    assertEquals(code, violation.code());
    assertEquals(
        "WebSocket: " + (message == null ? "a frame with a mask" : message),
        violation.getMessage());
  }

  @Test
  void aClientMustMask() {
    assertThrows(Frame.Violation.class, () -> ofClient.read(hex("820161")));
  }

  @Test
  void charactersOfATextMayBeCutByFramesAndBlocks() {
    ByteString text = ByteString.fromString("a€𝄞z".repeat(1000));
    for (int piece = 1; piece < 6; piece++) {
      ByteString read = ByteString.emptyByteString();
      for (int at = 0; at < text.length(); at += piece) {
        ByteString part = text.slice(at, Math.min(text.length(), at + piece));
        int head =
            (at == 0 ? Frame.TEXT : Frame.CONTINUATION)
                | (at + piece >= text.length() ? Frame.FINAL : 0);
        byte[] frame = {(byte) head, (byte) part.length()};
        read = read.concat(ofServer.read(ByteString.fromArray(frame).concat(part)).bytes());
      }
      assertEquals(text, read);
    }
  }

  @Test
  void aReasonThatIsTooLongIsCutBetweenCharacters() {
    ofServer.read(new FrameWriter(false).close(1011, "é".repeat(100)));
    assertEquals(List.of("close 1011 " + "é".repeat(61)), control);
  }
}
