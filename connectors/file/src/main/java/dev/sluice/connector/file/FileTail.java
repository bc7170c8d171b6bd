package dev.sluice.connector.file;

import akka.NotUsed;
import akka.stream.ActorAttributes;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.connector.kit.ConnectorSystem;
import dev.sluice.connector.kit.FarSource;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.endpoint.Boundary;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is written to a file, as {@code tail -F} shows it: {@code FILE-TAIL:<path>}. */
@AutoService(AddressTypes.class)
public final class FileTail implements AddressType {
  private static final OptionGroup TAIL = OptionGroup.own("FILE_TAIL");
  private static final long LONGEST_LINE = 1L << 20;

  private static final Option<String> FROM =
      Option.row("from", OptionType.STRING, Phase.SPECIFIC, TAIL)
          .help("where to begin: start, end (default), or how many of the last lines");
  private static final Option<Boolean> LINES =
      Option.row("lines", OptionType.BOOL, Phase.SPECIFIC, TAIL)
          .help("gives whole lines, each as one block where the other side keeps boundaries");
  private static final Option<Duration> POLL =
      Option.row("poll", OptionType.TIMEVAL, Phase.SPECIFIC, TAIL)
          .help("seconds between looks at the file; 0.1 if none");

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("FILE-TAIL")
          .takes(Parameter.required("filename"))
          .goes(Direction.READ)
          .groups(TAIL)
          .brings(List.of(FROM, LINES, POLL))
          .documented(
              "follows a file that grows",
              "Goes on when the file is renamed and made anew, cut off, or not there yet; of a file that was renamed the rest is read first.",
              "FILE-TAIL:/var/log/syslog,from=10,lines");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    Options options = context.options();
    String from = options.get(FROM, "end");
    if (!from.matches("start|end|[0-9]{1,9}")) {
      throw OpenFailure.lasting("option from=" + from + " is not start, end or a number of lines");
    }
    Path path = Path.of(context.parameter(0));
    Duration poll = options.get(POLL, Duration.ofMillis(100));
    TailSource tail = new TailSource(path, from, poll, context.log());
    boolean lines = options.isOn(LINES);
    return CompletableFuture.completedStage(
        StreamChannel.of(
                Direction.READ,
                (materializer, other) ->
                    new StreamChannel.Halves(
                        lines ? lines(tail, other.boundary()) : bytes(tail), null))
            .boundary(lines ? Boundary.SEQPACKET : Boundary.STREAM));
  }

  /** Reads where threads may wait for disks. */
  private static Source<ByteString, NotUsed> bytes(TailSource tail) {
    return FarSource.of(
        Source.fromGraph(tail)
            .withAttributes(ActorAttributes.dispatcher(ConnectorSystem.MAY_BLOCK)));
  }

  private static Source<ByteString, NotUsed> lines(TailSource tail, Boundary other) {
    Source<List<dev.sluice.connector.kit.Message>, NotUsed> messages =
        bytes(tail).via(new MessageSplitter(Framing.LINES, LONGEST_LINE));
    return other == Boundary.STREAM
        ? messages.map(Framing.LINES::join)
        : messages.mapConcat(all -> all).map(line -> line.payload());
  }
}
