package dev.sluice.connector.kit;

import akka.NotUsed;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import dev.sluice.option.Options;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of bytes into messages: for each block the messages that end in it. What is left at
 * the end of data is a message where lines are, and an error where a length was told.
 */
public final class MessageSplitter extends GraphStage<FlowShape<ByteString, List<Message>>> {
  private static final int PREFIX = Integer.BYTES;

  private final Inlet<ByteString> in = Inlet.create("MessageSplitter.in");
  private final Outlet<List<Message>> out = Outlet.create("MessageSplitter.out");
  private final FlowShape<ByteString, List<Message>> shape = FlowShape.of(in, out);
  private final Framing framing;
  private final long largest;

  /**
   * A splitter for one run.
   *
   * @param largest the most bytes of a message
   */
  public MessageSplitter(Framing framing, long largest) {
    this.framing = framing;
    this.largest = largest;
  }

  /** The messages one by one, cut as the options say. */
  public static Flow<ByteString, Message, NotUsed> messages(Options options) {
    return blocks(options).mapConcat(all -> all);
  }

  /** The messages that end in each block, cut as the options say; never none. */
  public static Flow<ByteString, List<Message>, NotUsed> blocks(Options options) {
    return Flow.of(ByteString.class)
        .via(new MessageSplitter(Framing.of(options), Framing.largest(options)));
  }

  @Override
  public FlowShape<ByteString, List<Message>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private ByteString rest = ByteString.emptyByteString();

    /** Where the search for a newline goes on. */
    private int searched;

    /** Messages of a block: as many as the one before had. */
    private int expected = 1;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              List<Message> messages = messages(grab(in));
              if (messages.isEmpty()) {
                pull(in);
              } else {
                push(out, messages);
              }
            }

            @Override
            public void onUpstreamFinish() {
              finish();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              pull(in);
            }
          });
    }

    private List<Message> messages(ByteString block) {
      if (framing == Framing.RAW) {
        return block.isEmpty() ? List.of() : List.of(Message.of(block));
      }
      rest = rest.isEmpty() ? block : rest.concat(block).compact();
      List<Message> found = new ArrayList<>(expected);
      int taken = framing.isByLines() ? lines(found) : prefixed(found);
      rest = rest.drop(taken);
      if (rest.length() > largest + PREFIX) {
        throw new Framing.BadFrame("a message is larger than " + largest + " bytes");
      }
      expected = found.size() + 1;
      return found;
    }

    /** By the array itself: looking for a byte in a ByteString makes an object of each byte. */
    private int lines(List<Message> found) {
      byte[] bytes = rest.toArrayUnsafe();
      int start = 0;
      for (int i = searched; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          found.add(framing.decode(ByteString.fromArray(bytes, start, i - start)));
          start = i + 1;
        }
      }
      searched = bytes.length - start;
      return start;
    }

    private int prefixed(List<Message> found) {
      int start = 0;
      while (rest.length() - start >= PREFIX) {
        int length = rest.slice(start, start + PREFIX).asByteBuffer().getInt();
        if (length < 0 || length > largest) {
          throw new Framing.BadFrame(
              "a message of " + Integer.toUnsignedString(length) + " bytes, more than " + largest);
        }
        if (rest.length() - start - PREFIX < length) {
          break;
        }
        found.add(Message.of(rest.slice(start + PREFIX, start + PREFIX + length)));
        start += PREFIX + length;
      }
      return start;
    }

    private void finish() {
      if (rest.isEmpty()) {
        completeStage();
      } else if (framing.isByLines()) {
        emit(out, List.of(framing.decode(rest)), this::completeStage);
      } else {
        failStage(
            new Framing.BadFrame(
                "the data end within a message, after " + rest.length() + " bytes"));
      }
    }
  }
}
