package dev.sluice.stream;

import akka.Done;
import akka.japi.Pair;
import akka.stream.AbruptStageTerminationException;
import akka.stream.Attributes;
import akka.stream.Inlet;
import akka.stream.SinkShape;
import akka.stream.stage.AbstractGraphStageWithMaterializedValue;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AsyncCallback;
import akka.stream.stage.GraphStageLogic;
import akka.util.ByteString;
import dev.sluice.endpoint.EndpointFailure;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The writing half of an endpoint as a sink: each element is one complete write.
 *
 * <p>The materialised stage completes when the upstream has, and everything is written; it fails
 * with the upstream's failure, with {@link EndpointFailure}, or when the stage is stopped before
 * its time. The endpoint is not half-closed here: that is its owner's decision.
 */
public final class FdSink
    extends AbstractGraphStageWithMaterializedValue<SinkShape<ByteString>, CompletionStage<Done>> {
  private final Inlet<ByteString> in = Inlet.create("FdSink.in");
  private final SinkShape<ByteString> shape = SinkShape.of(in);
  private final FdWriter writer;
  private final IoLane lane;
  private final Monitor monitor;

  /** Receives reports about the elements. */
  public interface Monitor {
    /**
     * All {@code length} bytes of an element were written. Called by who has written them, one
     * element after the other, so that a stage which is stopped meanwhile has counted them.
     */
    void written(int length);

    /**
     * Writing failed, {@code lost} bytes of the element before its end.
     *
     * @return whether the element is to be dropped and the next one tried; otherwise the stage
     *     fails
     */
    boolean failed(EndpointFailure failure, int lost);

    /** The lane was closed, {@code lost} bytes of the element before its end. Any thread. */
    void abandoned(int lost);
  }

  /** A sink for one run. */
  public FdSink(FdWriter writer, IoLane lane, Monitor monitor) {
    this.writer = writer;
    this.lane = lane;
    this.monitor = monitor;
  }

  @Override
  public SinkShape<ByteString> shape() {
    return shape;
  }

  @Override
  public Pair<GraphStageLogic, CompletionStage<Done>> createLogicAndMaterializedValuePair(
      Attributes attributes) {
    CompletableFuture<Done> done = new CompletableFuture<>();
    return new Pair<>(new Logic(done), done);
  }

  private final class Logic extends GraphStageLogic {
    private final CompletableFuture<Done> done;
    private final AsyncCallback<Integer> finished = createAsyncCallback(this::onWritten);
    private NativeBuffer block = NativeBuffer.allocate(1);
    private int from;
    private int to;
    private boolean writing;
    private boolean upstreamDone;

    Logic(CompletableFuture<Done> done) {
      super(shape);
      this.done = done;
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              begin(grab(in));
            }

            @Override
            public void onUpstreamFinish() {
              upstreamDone = true;
              if (!writing) {
                completeStage();
              }
            }

            @Override
            public void onUpstreamFailure(Throwable cause) {
              done.completeExceptionally(cause);
              failStage(cause);
            }
          });
    }

    @Override
    public void preStart() {
      setKeepGoing(true);
      if (writer.acceptsData()) {
        pull(in);
      }
    }

    @Override
    public void postStop() {
      if (upstreamDone && !writing) {
        done.complete(Done.getInstance());
      } else {
        done.completeExceptionally(new AbruptStageTerminationException(this));
      }
    }

    private void begin(ByteString element) {
      from = 0;
      to = element.length();
      if (to == 0) {
        pull(in);
        return;
      }
      if (block.capacity() < to) {
        block = NativeBuffer.allocate(to);
      }
      block.bytes().put(0, element.toArrayUnsafe());
      writing = true;
      lane.output(
          new IoLane.Attempt() {
            @Override
            public boolean make() {
              return attempt();
            }

            @Override
            public void failed(int errno) {
              finished.invoke(-errno);
            }

            @Override
            public void abandoned() {
              monitor.abandoned(to - from);
            }
          });
    }

    /** On the lane's thread; the block is its own while {@code writing}. */
    private boolean attempt() {
      while (from < to) {
        int n = writer.write(block.address() + from, to - from);
        if (n == -Errno.EAGAIN) {
          return false;
        }
        if (n < 0) {
          finished.invoke(n);
          return true;
        }
        from += n;
      }
      monitor.written(to);
      finished.invoke(0);
      return true;
    }

    private void onWritten(int result) {
      writing = false;
      if (result < 0) {
        EndpointFailure failure =
            EndpointFailure.write(writer, block.address(), to - from, -result);
        if (!monitor.failed(failure, to - from)) {
          done.completeExceptionally(failure);
          failStage(failure);
          return;
        }
      }
      if (upstreamDone) {
        completeStage();
      } else {
        pull(in);
      }
    }
  }
}
