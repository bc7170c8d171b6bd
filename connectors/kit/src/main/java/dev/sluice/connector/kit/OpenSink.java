package dev.sluice.connector.kit;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;

/**
 * Stands before a connection that its peer may close at any time. A closed one is no failure as
 * long as nobody writes to it, as with a socket; a write then fails with {@code EPIPE}.
 */
public final class OpenSink extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("OpenSink.in");
  private final Outlet<ByteString> out = Outlet.create("OpenSink.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);

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
                if (isClosed(out)) {
                  failStage(
                      new EndpointFailure(false, new NativeError("write(stream)", Errno.EPIPE)));
                } else {
                  push(out, grab(in));
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

              @Override
              public void onDownstreamFinish(Throwable cause) {
                if (!hasBeenPulled(in) && !isClosed(in)) {
                  pull(in);
                }
              }
            });
      }
    };
  }
}
