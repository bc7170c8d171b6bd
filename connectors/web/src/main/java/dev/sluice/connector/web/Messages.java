package dev.sluice.connector.web;

import akka.NotUsed;
import akka.http.javadsl.model.ws.BinaryMessage;
import akka.http.javadsl.model.ws.Message;
import akka.http.javadsl.model.ws.TextMessage;
import akka.stream.Materializer;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.Boundary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** WebSocket messages as blocks, and blocks as messages. */
final class Messages {
  /** Small messages are joined up to this many bytes while a stream of bytes takes none. */
  private static final long BATCH = 65536;

  private Messages() {}

  /** Each block as one message. */
  static Flow<ByteString, Message, NotUsed> toSend(boolean text) {
    return Flow.of(ByteString.class)
        .filter(ByteString::nonEmpty)
        .map(block -> text ? TextMessage.create(block.utf8String()) : BinaryMessage.create(block));
  }

  /**
   * What comes as blocks: each message is one where the other side keeps boundaries, else as the
   * bytes come.
   *
   * @param largest the most bytes of a message that is kept in one piece
   */
  static Flow<Message, ByteString, NotUsed> received(
      Boundary other, long largest, Materializer materializer) {
    Flow<Message, Message, NotUsed> messages = Flow.of(Message.class);
    return other == Boundary.STREAM
        ? messages
            .flatMapConcat(Messages::bytes)
            .batchWeighted(
                BATCH, bytes -> (long) bytes.length(), bytes -> bytes, ByteString::concat)
        : messages.mapAsync(1, message -> whole(message, largest, materializer));
  }

  private static CompletionStage<ByteString> whole(
      Message message, long largest, Materializer materializer) {
    if (isStrict(message)) {
      ByteString bytes = strict(message);
      return bytes.length() > largest
          ? CompletableFuture.failedStage(new TooLarge(largest))
          : CompletableFuture.completedStage(bytes);
    }
    return bytes(message)
        .runFold(
            ByteString.emptyByteString(),
            (sum, part) -> {
              if (sum.length() + part.length() > largest) {
                throw new TooLarge(largest);
              }
              return sum.concat(part);
            },
            materializer);
  }

  private static boolean isStrict(Message message) {
    return message.isText()
        ? message.asTextMessage().isStrict()
        : message.asBinaryMessage().isStrict();
  }

  private static ByteString strict(Message message) {
    return message.isText()
        ? ByteString.fromString(message.asTextMessage().getStrictText())
        : message.asBinaryMessage().getStrictData();
  }

  private static Source<ByteString, ?> bytes(Message message) {
    if (isStrict(message)) {
      return Source.single(strict(message));
    }
    return message.isText()
        ? message.asTextMessage().getStreamedText().map(ByteString::fromString)
        : message.asBinaryMessage().getStreamedData();
  }

  /** A message that does not fit into one block of the other side. */
  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooLarge(long largest) {
      super("a message is larger than option max-message allows, " + largest + " bytes");
    }
  }
}
