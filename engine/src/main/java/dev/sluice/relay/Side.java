package dev.sluice.relay;

import akka.Done;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.spec.Problems;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One side of a {@link Relay}: an address, or streams of your own.
 *
 * <p>Streams are materialised once for each session. A sink sees completion when the other side's
 * data have ended, and failure when they were cut off; a source that fails makes the session fail,
 * and the other side's peer sees its connection aborted. Back-pressure goes through: a sink that
 * asks for nothing stops the other side's reading.
 */
public final class Side {
  private final BiFunction<Catalog, Problems, @Nullable AddressPair> reading;

  private Side(BiFunction<Catalog, Problems, @Nullable AddressPair> reading) {
    this.reading = reading;
  }

  /** An address in the language of the command line. */
  public static Side address(String address) {
    return new Side((catalog, problems) -> catalog.read(address, true, problems));
  }

  /** What goes into the flow comes from the other side; what comes out goes there. */
  public static Side flow(Flow<ByteString, ByteString, ?> flow) {
    return streams(() -> StreamChannel.of(flow));
  }

  /** Two streams: {@code source} feeds the other side, {@code sink} takes what comes from there. */
  public static Side of(
      Source<ByteString, ?> source, Sink<ByteString, CompletionStage<Done>> sink) {
    return streams(() -> StreamChannel.duplex(source, sink));
  }

  /** A stream that feeds the other side; what comes from there is not read. */
  public static Side source(Source<ByteString, ?> source) {
    return streams(() -> StreamChannel.reading(source));
  }

  /** A stream that takes what comes from the other side. */
  public static Side sink(Sink<ByteString, CompletionStage<Done>> sink) {
    return streams(() -> StreamChannel.writing(sink));
  }

  private static Side streams(Supplier<StreamChannel> channel) {
    return new Side((catalog, problems) -> new StreamAddress(channel).asSide());
  }

  /** Null when something is wrong with the address; {@code problems} says what. */
  @Nullable AddressPair read(Catalog catalog, Problems problems) {
    return reading.apply(catalog, problems);
  }
}
