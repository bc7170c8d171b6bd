package sample;

import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A line of text, again and again: {@code REPEAT:<line>[,times=<n>][,separator=<text>]}. */
public final class RepeatAddress implements AddressType {
  private static final OptionGroup REPEAT = OptionGroup.own("REPEAT");

  private static final Option<Integer> TIMES =
      Option.row("times", OptionType.UNSIGNED_INT, Phase.SPECIFIC, REPEAT)
          .help("How often; without it, for ever.");

  private static final Option<String> SEPARATOR =
      Option.row("separator", OptionType.STRING, Phase.SPECIFIC, REPEAT)
          .aka("sep")
          .help("What follows each line in place of a newline.");

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("REPEAT")
          .takes(Parameter.required("line"))
          .goes(Direction.READ)
          .groups(REPEAT)
          .brings(List.of(TIMES, SEPARATOR))
          .documented("a line, again and again", "Gives the line as often as asked.", "REPEAT:y");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  /** A stream needs nothing to be opened: it runs as fast as the other side takes its lines. */
  @Override
  public CompletionStage<StreamChannel> open(OpenContext context) {
    ByteString line =
        ByteString.fromString(context.parameter(0) + context.options().get(SEPARATOR, "\n"));
    Source<ByteString, ?> lines = Source.repeat(line);
    if (context.options().has(TIMES)) {
      lines = lines.take(context.options().get(TIMES, 0));
    }
    return CompletableFuture.completedStage(StreamChannel.reading(lines));
  }
}
