package dev.sluice.connector.kit;

import akka.Done;
import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.KillSwitches;
import akka.stream.Outlet;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import java.util.concurrent.CompletionStage;
import org.reactivestreams.Subscriber;

/**
 * A sink that runs in the connector's actor system, for a stream of the relay's. When it fails, the
 * stream is told why: between two actor systems a failure would be a cancellation like any other.
 */
public final class FarSink {
  private FarSink() {}

  /** Starts the sink; what is returned is to be connected once. */
  public static <T> Sink<T, CompletionStage<Done>> of(Sink<T, CompletionStage<Done>> sink) {
    Pair<Subscriber<T>, CompletionStage<Done>> running =
        Source.<T>asSubscriber().toMat(sink, Keep.both()).run(ConnectorSystem.materializer());
    return Flow.<T>create()
        .viaMat(KillSwitches.single(), Keep.right())
        .via(new UntilTold<T>())
        .to(Sink.fromSubscriber(running.first()))
        .mapMaterializedValue(
            control -> {
              running
                  .second()
                  .whenComplete(
                      (done, failure) -> {
                        if (failure != null) {
                          control.abort(failure);
                        }
                      });
              return running.second();
            });
  }

  /** A cancellation without a reason waits for the reason. */
  private static final class UntilTold<T> extends GraphStage<FlowShape<T, T>> {
    private final Inlet<T> in = Inlet.create("UntilTold.in");
    private final Outlet<T> out = Outlet.create("UntilTold.out");
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
                  if (!isClosed(out)) {
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
                  setKeepGoing(true);
                }
              });
        }
      };
    }
  }
}
