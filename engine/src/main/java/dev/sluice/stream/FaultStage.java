package dev.sluice.stream;

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
import dev.sluice.fault.Fault;
import dev.sluice.fault.FaultQueue;
import dev.sluice.fault.FaultReset;
import dev.sluice.fault.SessionFaults;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Applies the session's current faults to the data of one direction. */
public final class FaultStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("FaultStage.in");
  private final Outlet<ByteString> out = Outlet.create("FaultStage.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final SessionFaults session;
  private final List<Fault> ofAddresses;
  private final boolean upwards;
  private final boolean datagrams;
  private final boolean oneByOne;
  private volatile long held;

  /**
   * Makes one for one run.
   *
   * @param ofAddresses faults that do not change
   * @param upwards whether the data go from left to right
   * @param datagrams whether each element is a datagram
   * @param oneByOne whether an element may only be asked for when the one before was taken, since
   *     asking acknowledges it
   */
  public FaultStage(
      SessionFaults session,
      List<Fault> ofAddresses,
      boolean upwards,
      boolean datagrams,
      boolean oneByOne) {
    this.session = session;
    this.ofAddresses = ofAddresses;
    this.upwards = upwards;
    this.datagrams = datagrams;
    this.oneByOne = oneByOne;
  }

  /** Bytes that are held back. Any thread; as of a moment ago. */
  public long held() {
    return held;
  }

  @Override
  public FlowShape<ByteString, ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends GraphStageLogic implements Runnable {
    private final AsyncCallback<Done> changed = createAsyncCallback(done -> use());
    private final AsyncCallback<Done> rung = createAsyncCallback(done -> drive());
    private final FaultQueue queue;
    private @Nullable Future<?> alarm;

    Logic() {
      super(shape);
      List<Fault> first = session.in(upwards, ofAddresses);
      queue = new FaultQueue(datagrams, session.random(first, upwards), System.nanoTime());
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              queue.add(grab(in).toArrayUnsafe(), System.nanoTime());
              drive();
            }

            @Override
            public void onUpstreamFinish() {
              queue.end(System.nanoTime());
              drive();
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              drive();
            }
          });
    }

    @Override
    public void preStart() {
      session.relay().watch(this);
      use();
    }

    @Override
    public void postStop() {
      session.relay().leave(this);
      silence();
    }

    /** The faults of the relay have changed. */
    @Override
    public void run() {
      changed.invoke(Done.getInstance());
    }

    private void use() {
      queue.use(session.in(upwards, ofAddresses), System.nanoTime());
      drive();
    }

    private void drive() {
      silence();
      FaultQueue.Step step = queue.next(System.nanoTime(), isAvailable(out));
      held = queue.held();
      if (step instanceof FaultQueue.Step.Give give) {
        push(out, ByteString.fromArrayUnsafe(give.bytes(), give.from(), give.length()));
        drive(); // a reset may have to come although nobody asks for more
        return;
      } else if (step instanceof FaultQueue.Step.Await wait) {
        if (wait.nanos() < Long.MAX_VALUE) {
          alarm = DelayClock.after(wait.nanos(), () -> rung.invoke(Done.getInstance()));
        }
      } else if (step instanceof FaultQueue.Step.Reset reset) {
        held = 0; // what a fault drops is no loss to report
        failStage(new FaultReset(reset.by()));
        return;
      } else {
        held = 0;
        completeStage();
        return;
      }
      boolean wanted = oneByOne ? isAvailable(out) && queue.held() == 0 : queue.hasRoom();
      if (wanted && !isClosed(in) && !hasBeenPulled(in)) {
        pull(in);
      }
    }

    private void silence() {
      if (alarm != null) {
        alarm.cancel(false);
        alarm = null;
      }
    }
  }
}
