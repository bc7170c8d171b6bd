package dev.sluice.stream;

import akka.japi.Pair;
import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import dev.sluice.endpoint.DataOptions;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdReader;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeBuffer;
import java.time.Duration;

/**
 * The reading half of an endpoint as a source: one element for each read, at most a block long.
 *
 * <p>Completes at the end of data, after {@code readbytes}, or when told to drain; fails with
 * {@link EndpointFailure}. While the end of data is ignored it reads again every second.
 */
public final class FdSource
    extends AbstractGraphStageWithMaterializedValue<SourceShape<ByteString>, FdSource.Control> {
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Controls a running source, from any thread. */
  public interface Control {
    /** The program behind it has ended: give what is there, then complete. */
    void drainThenEnd();

    /** The end of data counts from now on. */
    void honourEnd();
  }

  private final Outlet<ByteString> out = Outlet.create("FdSource.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final FdReader reader;
  private final IoLane lane;
  private final int blockSize;
  private final DataOptions options;

  /**
   * A source for one run.
   *
   * @param blockSize longest element in bytes
   */
  public FdSource(FdReader reader, IoLane lane, int blockSize, DataOptions options) {
    this.reader = reader;
    this.lane = lane;
    this.blockSize = blockSize;
    this.options = options;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, Control> createLogicAndMaterializedValuePair(Attributes attributes) {
    Logic logic = new Logic();
    return new Pair<>(logic, logic);
  }

  private final class Logic extends TimerGraphStageLogic implements Control {
    private final NativeBuffer block = NativeBuffer.allocate(blockSize);
    private final AsyncCallback<Integer> arrived = createAsyncCallback(this::onArrival);
    private long remaining = options.readBytes() == 0 ? Long.MAX_VALUE : options.readBytes();
    private volatile boolean draining;
    private volatile boolean honourEnd = !options.ignoreEof();

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              request();
            }
          });
    }

    private int wanted() {
      return (int) Math.min(blockSize, remaining);
    }

    private void request() {
      if (remaining == 0) {
        atEnd();
      } else {
        lane.input(
            new IoLane.Attempt() {
              @Override
              public boolean make() {
                return attempt();
              }

              @Override
              public void failed(int errno) {
                arrived.invoke(-errno);
              }
            });
      }
    }

    /** On the lane's thread; the block is ours while the stage waits. */
    private boolean attempt() {
      int n = reader.read(block.address(), wanted());
      if (n == -Errno.EAGAIN) {
        if (!draining) {
          return false;
        }
        n = 0;
      }
      arrived.invoke(n);
      return true;
    }

    private void onArrival(int n) {
      if (n > 0) {
        remaining -= n;
        push(out, ByteString.fromArrayUnsafe(block.toArray(0, n)));
        if (remaining == 0 && (honourEnd || draining)) {
          completeStage();
        }
      } else if (n == 0) {
        atEnd();
      } else {
        failStage(EndpointFailure.read(reader, block.address(), wanted(), -n));
      }
    }

    private void atEnd() {
      if (honourEnd || draining) {
        completeStage();
      } else {
        scheduleOnce("again", RETRY);
      }
    }

    @Override
    public void onTimer(Object key) {
      request();
    }

    @Override
    public void drainThenEnd() {
      draining = true;
      lane.nudgeInput();
    }

    @Override
    public void honourEnd() {
      honourEnd = true;
    }
  }
}
