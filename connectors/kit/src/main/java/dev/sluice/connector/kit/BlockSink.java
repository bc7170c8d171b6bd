package dev.sluice.connector.kit;

import akka.Done;
import akka.actor.typed.DispatcherSelector;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Hands blocks of messages, in their order, to a client whose calls may wait. */
public final class BlockSink {
  private BlockSink() {}

  /**
   * A sink that is done once all is confirmed.
   *
   * @param underway blocks that may wait for their confirmation
   * @param send hands over a block; done once that is confirmed
   * @param <T> a message as the client wants it
   */
  public static <T> Sink<List<T>, CompletionStage<Done>> of(
      int underway, Function<List<T>, CompletionStage<Done>> send) {
    return FarSink.of(
        Flow.<List<T>>create()
            .mapAsync(underway, send::apply)
            .toMat(Sink.ignore(), Keep.right())
            .withAttributes(ActorAttributes.dispatcher(ConnectorSystem.MAY_BLOCK)));
  }

  /** As {@link #of}, but asks for a block only when the one before is confirmed. */
  public static <T> Sink<List<T>, CompletionStage<Done>> oneByOne(
      Function<List<T>, CompletionStage<Done>> send) {
    Executor mayBlock =
        ConnectorSystem.get()
            .dispatchers()
            .lookup(DispatcherSelector.fromConfig(ConnectorSystem.MAY_BLOCK));
    return Flow.<List<T>>create()
        .mapAsync(
            1,
            block ->
                CompletableFuture.supplyAsync(() -> send.apply(block), mayBlock)
                    .thenCompose(sent -> sent))
        .toMat(Sink.ignore(), Keep.right());
  }
}
