package dev.sluice.connector.file;

import akka.Done;
import akka.stream.alpakka.file.javadsl.LogRotatorSink;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.util.ByteString;
import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.connector.kit.FarSink;
import dev.sluice.connector.kit.Framing;
import dev.sluice.connector.kit.MessageSplitter;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Files, one after the other: {@code FILE-ROTATE:<pattern>}. */
@AutoService(AddressTypes.class)
public final class FileRotate implements AddressType {
  private static final OptionGroup ROTATE = OptionGroup.own("FILE_ROTATE");
  private static final long LONGEST_LINE = 1L << 20;

  private static final Option<Long> SIZE =
      Option.row("size", OptionType.SIZE_T, Phase.SPECIFIC, ROTATE)
          .help("begins a new file before one would be larger than this, in bytes");
  private static final Option<Duration> INTERVAL =
      Option.row("interval", OptionType.TIMEVAL, Phase.SPECIFIC, ROTATE)
          .help("begins a new file with the first data after each multiple of this many seconds");
  private static final Option<Boolean> LINES =
      Option.row("lines", OptionType.BOOL, Phase.SPECIFIC, ROTATE).help("cuts between lines only");

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("FILE-ROTATE")
          .takes(Parameter.required("pattern"))
          .goes(Direction.WRITE)
          .groups(ROTATE)
          .brings(List.of(SIZE, INTERVAL, LINES))
          .documented(
              "writes files, one after the other",
              "In the name, %Y %m %d %H %M %S are the time when the file is begun, in UTC, and %n is its number; without %n a name that was used gets one behind it. What is in a file already stays.",
              "FILE-ROTATE:/var/log/app-%Y%m%d-%n.log,size=10000000,lines");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    Options options = context.options();
    long size = options.get(SIZE, Long.MAX_VALUE);
    long interval = options.find(INTERVAL).map(Duration::toMillis).orElse(0L);
    if (size <= 0 || (options.has(INTERVAL) && interval <= 0)) {
      throw OpenFailure.lasting("FILE-ROTATE: size and interval are more than 0");
    }
    FileNames names = new FileNames(context.parameter(0));
    boolean lines = options.isOn(LINES);
    return CompletableFuture.completedStage(
        StreamChannel.of(
            Direction.WRITE,
            materializer -> new StreamChannel.Halves(null, sink(lines, names, size, interval))));
  }

  private static Sink<ByteString, CompletionStage<Done>> sink(
      boolean lines, FileNames names, long size, long interval) {
    Sink<ByteString, CompletionStage<Done>> files =
        FarSink.of(
            LogRotatorSink.createFromFunction(
                () -> new Rotation(names, size, interval, Clock.systemUTC())::next));
    return lines
        ? Flow.of(ByteString.class)
            .via(new MessageSplitter(Framing.LINES, LONGEST_LINE))
            .mapConcat(all -> all)
            .map(line -> Framing.LINES.join(List.of(line)))
            .toMat(files, Keep.right())
        : files;
  }
}
