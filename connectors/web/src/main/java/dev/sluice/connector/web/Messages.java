package dev.sluice.connector.web;

import akka.NotUsed;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.Boundary;
import java.util.ArrayList;
import java.util.List;

/** WebSocket messages as blocks, and blocks as messages. */
final class Messages {
  /** Stands for the end of data: no block is empty. */
  private static final ByteString END = ByteString.emptyByteString();

  private Messages() {}

  /** Each block as one message; in text, a character that is cut goes into the next one. */
  static Flow<ByteString, ByteString, NotUsed> toSend(boolean text) {
    Flow<ByteString, ByteString, NotUsed> blocks =
        Flow.of(ByteString.class).filter(ByteString::nonEmpty);
    return text
        ? blocks
            .concatLazy(Source.single(END))
            .statefulMapConcat(() -> new Characters()::whole)
            .filter(ByteString::nonEmpty)
        : blocks;
  }

  private static final class Characters {
    private ByteString cut = ByteString.emptyByteString();

    private List<ByteString> whole(ByteString block) {
      ByteString bytes = cut.concat(block);
      int end = block.isEmpty() ? bytes.length() : wholeCharacters(bytes.toArrayUnsafe());
      cut = bytes.drop(end);
      // what is no text at all becomes the character that stands for it
      return List.of(ByteString.fromString(bytes.take(end).utf8String()));
    }

    /** How many bytes lie before a last character that is not complete. */
    private static int wholeCharacters(byte[] bytes) {
      int last = bytes.length - 1;
      while (last >= 0 && last > bytes.length - 4 && (bytes[last] & 0xc0) == 0x80) {
        last--;
      }
      if (last < 0) {
        return bytes.length;
      }
      int first = bytes[last] & 0xff;
      int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
      return last + size > bytes.length ? last : bytes.length;
    }
  }

  /**
   * What comes as blocks: each message is one where the other side keeps boundaries, else as the
   * bytes come.
   *
   * @param largest the most bytes of a message that is kept in one piece
   */
  static Flow<Received, ByteString, NotUsed> received(Boundary other, long largest) {
    Flow<Received, Received, NotUsed> messages = Flow.of(Received.class);
    return other == Boundary.STREAM
        ? messages.map(Received::bytes).filter(ByteString::nonEmpty)
        : messages.statefulMapConcat(() -> new Whole(largest)::messages);
  }

  /** Puts messages together that came in several blocks. */
  private static final class Whole {
    private final long largest;
    private ByteString begun = ByteString.emptyByteString();

    Whole(long largest) {
      this.largest = largest;
    }

    private List<ByteString> messages(Received received) {
      List<ByteString> messages = new ArrayList<>(received.ends().length);
      int start = 0;
      for (int end : received.ends()) {
        messages.add(checked(begun.concat(received.bytes().slice(start, end))));
        begun = ByteString.emptyByteString();
        start = end;
      }
      begun = checked(begun.concat(received.bytes().drop(start)));
      return messages;
    }

    private ByteString checked(ByteString message) {
      if (message.length() > largest) {
        throw new TooLarge(largest);
      }
      return message;
    }
  }

  /** A message that does not fit into one block of the other side. */
  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLarge(long largest) {
      super("a message is larger than option max-message allows, " + largest + " bytes");
    }
  }
}
