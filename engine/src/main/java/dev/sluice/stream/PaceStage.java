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
import dev.sluice.pace.Bandwidth;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Passes data on as fast as the bandwidth of the session and of its relay allows. Holds one element
 * at most, and asks for the next one when that is gone.
 */
public final class PaceStage extends GraphStage<FlowShape<ByteString, ByteString>> {
  /** Nanoseconds that a piece may be early, so that a high rate has few alarms. */
  private static final long EARLY = 1_000_000;

  private final Inlet<ByteString> in = Inlet.create("PaceStage.in");
  private final Outlet<ByteString> out = Outlet.create("PaceStage.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Bandwidth.Share share;
  private final boolean datagrams;
  private volatile long held;

  /**
   * Makes one for one run.
   *
   * @param datagrams whether each element is a datagram, which is not taken apart
   */
  public PaceStage(Bandwidth.Share share, boolean datagrams) {
    this.share = share;
    this.datagrams = datagrams;
  }

  /** Bytes that wait for their time. Any thread; as of a moment ago. */
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

  private final class Logic extends GraphStageLogic {
    private final AsyncCallback<Done> rung = createAsyncCallback(done -> ring());
    private ByteString rest = ByteString.emptyByteString();
    private int booked;
    private @Nullable Future<?> alarm;

    Logic() {
      super(shape);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              hold(grab(in));
              book();
            }

            @Override
            public void onUpstreamFinish() {
              if (rest.isEmpty()) {
                completeStage();
              }
            }
          });
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              if (rest.nonEmpty()) {
                book();
              } else if (!hasBeenPulled(in)) {
                pull(in);
              }
            }
          });
    }

    @Override
    public void postStop() {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }

    private void hold(ByteString bytes) {
      rest = bytes;
      held = bytes.length();
    }

    /** Books the next piece, once it is asked for, and passes it on at its time. */
    private void book() {
      booked = datagrams ? rest.length() : share.piece(rest.length());
      long now = System.nanoTime();
      long wait = share.book(booked, now) - now;
      if (wait < EARLY) {
        give();
      } else {
        alarm = DelayClock.after(wait, () -> rung.invoke(Done.getInstance()));
      }
    }

    private void ring() {
      alarm = null;
      give();
    }

    private void give() {
      ByteString piece = rest.take(booked);
      hold(rest.drop(booked));
      push(out, piece);
      if (rest.isEmpty() && isClosed(in)) {
        completeStage();
      }
    }
  }
}
