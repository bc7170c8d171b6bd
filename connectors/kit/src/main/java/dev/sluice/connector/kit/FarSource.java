package dev.sluice.connector.kit;

import akka.NotUsed;
import akka.stream.javadsl.AsPublisher;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;

/** A source that runs in the connector's actor system, for a stream of the relay's. */
public final class FarSource {
  private FarSource() {}

  /** Starts the source; what is returned is to be connected once. */
  public static <T> Source<T, NotUsed> of(Source<T, ?> source) {
    return Source.fromPublisher(
        source.runWith(
            Sink.asPublisher(AsPublisher.WITHOUT_FANOUT), ConnectorSystem.materializer()));
  }
}
