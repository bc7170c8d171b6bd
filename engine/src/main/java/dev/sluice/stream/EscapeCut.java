package dev.sluice.stream;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;

/**
 * Ends the data at the first byte of a given value; that byte and all data after it are dropped.
 */
public final class EscapeCut extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("EscapeCut.in");
  private final Outlet<ByteString> out = Outlet.create("EscapeCut.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final byte escape;

  /** Looks for the byte of that value, 0 to 255. */
  public EscapeCut(int escape) {
    this.escape = (byte) escape;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new GraphStageLogic(shape) {
      {
        setHandler(
            in,
            new AbstractInHandler() {
              @Override
              public void onPush() {
                ByteString element = grab(in);
                int at = element.indexOf(escape);
                if (at < 0) {
                  push(out, element);
                  return;
                }
                if (at > 0) {
                  push(out, element.take(at));
                }
                completeStage();
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
    };
  }
}
