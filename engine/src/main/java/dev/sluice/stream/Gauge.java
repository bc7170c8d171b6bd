package dev.sluice.stream;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.SubscriptionWithCancelException.NonFailureCancellation;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;

/**
 * Sits before a sink that is not a descriptor. Counts what the sink takes, and notices when it
 * stops taking data before the end.
 */
public final class Gauge extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("Gauge.in");
  private final Outlet<ByteString> out = Outlet.create("Gauge.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final FdSink.Monitor monitor;

  /** Tells {@code monitor} what becomes of the elements. */
  public Gauge(FdSink.Monitor monitor) {
    this.monitor = monitor;
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
                push(out, element);
                if (element.nonEmpty()) {
                  monitor.written(element.length());
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
                if (!(cause instanceof NonFailureCancellation)) {
                  cancelStage(cause); // the sink tells its failure itself
                  return;
                }
                EndpointFailure failure =
                    new EndpointFailure(false, new NativeError("write(stream)", Errno.EPIPE));
                monitor.failed(failure, 0);
                cancelStage(failure);
              }
            });
      }
    };
  }
}
