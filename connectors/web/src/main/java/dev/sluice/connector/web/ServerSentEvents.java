package dev.sluice.connector.web;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import java.util.ArrayList;
import java.util.List;

/** The data of server-sent events, each as one block. See the HTML Standard, 9.2. */
final class ServerSentEvents extends GraphStage<FlowShape<ByteString, ByteString>> {
  private static final int LONGEST = 1 << 20;
  private static final String DATA = "data";

  private final Inlet<ByteString> in = Inlet.create("ServerSentEvents.in");
  private final Outlet<ByteString> out = Outlet.create("ServerSentEvents.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final boolean newline;

  /**
   * For one answer.
   *
   * @param newline whether each block ends with one
   */
  ServerSentEvents(boolean newline) {
    this.newline = newline;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final List<String> data = new ArrayList<>();
    private ByteString rest = ByteString.emptyByteString();

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              List<ByteString> events = events(grab(in));
              if (events.isEmpty()) {
                pull(in);
              } else {
                emitMultiple(out, events.iterator());
              }
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

    private List<ByteString> events(ByteString block) {
      rest = rest.concat(block).compact();
      List<ByteString> events = new ArrayList<>();
      int start = 0;
      int end = rest.indexOf((byte) '\n');
      while (end >= 0) {
        line(rest.slice(start, end).utf8String(), events);
        start = end + 1;
        end = rest.indexOf((byte) '\n', start);
      }
      rest = rest.drop(start);
      if (rest.length() > LONGEST) {
        throw new IllegalStateException("a line of an event is longer than " + LONGEST + " bytes");
      }
      return events;
    }

    private void line(String ended, List<ByteString> events) {
      String line = ended.endsWith("\r") ? ended.substring(0, ended.length() - 1) : ended;
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(ByteString.fromString(String.join("\n", data) + (newline ? "\n" : "")));
          data.clear();
        }
        return;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      if (field.equals(DATA)) {
        String value = colon < 0 ? "" : line.substring(colon + 1);
        data.add(value.startsWith(" ") ? value.substring(1) : value);
      }
    }
  }
}
