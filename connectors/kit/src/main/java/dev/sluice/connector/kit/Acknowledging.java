package dev.sluice.connector.kit;

import akka.Done;
import akka.stream.Attributes;
import akka.stream.FlowShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import dev.sluice.connector.kit.Acknowledging.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last stage of a source that tells its peer what has been taken: an element is acknowledged
 * when the next one is asked for, since the other side asks only after its write has returned. One
 * acknowledgement is on its way at a time; those that come meanwhile go together in the next. The
 * end is told on after the last one.
 *
 * @param <T> what stands for an element that is to be acknowledged
 */
public final class Acknowledging<T> extends GraphStage<FlowShape<Delivery<T>, ByteString>> {
  /**
   * Bytes to deliver, and what to acknowledge then.
   *
   * @param last whether it is the end of data, although the peer has not ended
   * @param <T> what stands for the element
   */
  public record Delivery<T>(ByteString bytes, T token, boolean last) {}

  private final Inlet<Delivery<T>> in = Inlet.create("Acknowledging.in");
  private final Outlet<ByteString> out = Outlet.create("Acknowledging.out");
  private final FlowShape<Delivery<T>, ByteString> shape = FlowShape.of(in, out);
  private final Function<List<T>, CompletionStage<Done>> acknowledge;
  private final Supplier<? extends CompletionStage<?>> farewell;

  /**
   * A stage for one run.
   *
   * @param acknowledge tells the peer of some elements, in order
   * @param farewell leaves the peer, after the last acknowledgement; the end is told on after it
   */
  public Acknowledging(
      Function<List<T>, CompletionStage<Done>> acknowledge,
      Supplier<? extends CompletionStage<?>> farewell) {
    this.acknowledge = acknowledge;
    this.farewell = farewell;
  }

  @Override
  public FlowShape<Delivery<T>, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic {
    private final AsyncCallback<Throwable> failed = createAsyncCallback(this::failStage);
    private final AsyncCallback<Done> acknowledged = createAsyncCallback(done -> onAcknowledged());
    private final AsyncCallback<Done> left = createAsyncCallback(done -> completeStage());
    private List<T> taken = new ArrayList<>();
    private @Nullable T underway;
    private boolean acknowledging;
    private boolean ending;
    private boolean leaving;

    Logic() {
      super(shape);
      setHandler(in, input());
      setHandler(out, output());
    }

    private AbstractInHandler input() {
      return new AbstractInHandler() {
        @Override
        public void onPush() {
          Delivery<T> delivery = grab(in);
          underway = delivery.token();
          ending |= delivery.last();
          push(out, delivery.bytes());
        }

        @Override
        public void onUpstreamFinish() {
          ending = true;
          endIfDone();
        }
      };
    }

    private AbstractOutHandler output() {
      return new AbstractOutHandler() {
        @Override
        public void onPull() {
          T token = underway;
          if (token != null) {
            underway = null;
            taken.add(token);
            send();
          }
          if (ending) {
            endIfDone();
          } else {
            pull(in);
          }
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
          underway = null; // nobody says whether it was taken: it comes again
          ending = true;
          endIfDone();
        }
      };
    }

    private void send() {
      if (!acknowledging && !taken.isEmpty()) {
        List<T> now = taken;
        taken = new ArrayList<>();
        acknowledging = true;
        acknowledge
            .apply(now)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    acknowledged.invoke(done);
                  } else {
                    failed.invoke(failure);
                  }
                });
      }
    }

    private void onAcknowledged() {
      acknowledging = false;
      send();
      if (ending) {
        endIfDone();
      }
    }

    private void endIfDone() {
      setKeepGoing(true);
      if (underway == null && !acknowledging && taken.isEmpty() && !leaving) {
        leaving = true;
        farewell.get().whenComplete((value, failure) -> left.invoke(Done.getInstance()));
      }
    }
  }
}
