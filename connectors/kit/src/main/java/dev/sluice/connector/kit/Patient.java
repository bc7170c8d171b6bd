package dev.sluice.connector.kit;

import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;

/**
 * Reads on when nobody wants what is read: the end of the half that reads does not end a
 * connection.
 *
 * @param <T> type of the elements
 */
public final class Patient<T> extends GraphStage<FlowShape<T, T>> {
  private final Inlet<T> in = Inlet.create("Patient.in");
  private final Outlet<T> out = Outlet.create("Patient.out");
  private final FlowShape<T, T> shape = FlowShape.of(in, out);

  @Override
  public FlowShape<T, T> shape() {
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
                T element = grab(in);
                if (isClosed(out)) {
                  pull(in);
                } else {
                  push(out, element);
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
