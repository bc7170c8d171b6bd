package dev.sluice.stream;

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
import java.util.concurrent.Executor;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;

/**
 * Does something to each block that may block, such as writing a copy of it to a slow disk, on a
 * thread that may. Holds one block at most, and only when it was asked for one.
 */
public final class BlockingMap extends GraphStage<FlowShape<ByteString, ByteString>> {
  private final Inlet<ByteString> in = Inlet.create("BlockingMap.in");
  private final Outlet<ByteString> out = Outlet.create("BlockingMap.out");
  private final FlowShape<ByteString, ByteString> shape = FlowShape.of(in, out);
  private final Executor threads;
  private final UnaryOperator<ByteString> work;
  private final IntConsumer lost;

  /**
   * A stage.
   *
   * @param threads where {@code work} may take its time
   * @param lost told how many bytes were held when the stream was cut off
   */
  public BlockingMap(Executor threads, UnaryOperator<ByteString> work, IntConsumer lost) {
    this.threads = threads;
    this.work = work;
    this.lost = lost;
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
    private AsyncCallback<ByteString> done;
    private AsyncCallback<Throwable> failed;

    /** Bytes of the block that is at work. */
    private int held;

    Logic() {
      super(shape);
      done = createAsyncCallback(this::pass);
      failed = createAsyncCallback(this::failStage);
      setHandler(
          in,
          new AbstractInHandler() {
            @Override
            public void onPush() {
              ByteString block = grab(in);
              held = block.length();
              threads.execute(() -> run(block));
            }

            @Override
            public void onUpstreamFinish() {
              if (held == 0) {
                completeStage();
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
          });
    }

    private void run(ByteString block) {
      try {
        done.invoke(work.apply(block));
      } catch (Throwable e) {
        failed.invoke(e);
      }
    }

    private void pass(ByteString block) {
      held = 0;
      push(out, block);
      if (isClosed(in)) {
        completeStage();
      }
    }

    @Override
    public void postStop() {
      if (held > 0) {
        lost.accept(held);
      }
    }
  }
}
