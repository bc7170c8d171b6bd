package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.Fd;
import java.util.concurrent.CompletionStage;

/**
 * The streams that the process was given: {@code STDIO}, {@code STDIN}, {@code STDOUT}, {@code
 * STDERR}.
 */
abstract class StandardStreams implements AddressType {
  private final AddressDescriptor descriptor;

  private StandardStreams(AddressDescriptor descriptor) {
    this.descriptor =
        descriptor
            .groups(
                FD, FIFO, CHR, BLK, REG, SOCKET, TERMIOS, UNIX, IP4, IP6, UDP, TCP, SCTP, DCCP,
                UDPLITE)
            .withoutUsage();
  }

  @Override
  public AddressDescriptor descriptor() {
    return descriptor;
  }

  /** Standard input and output together. */
  @AutoService(AddressTypes.class)
  public static final class Both extends StandardStreams {
    public Both() {
      super(
          AddressDescriptor.named("STDIO")
              .aka("-")
              .documented(
                  "standard input and output",
                  "Reads standard input and writes standard output; with -u or -U only the one that is needed."
                      + " Neither is closed at the end.",
                  "STDIO"));
    }

    @Override
    public CompletionStage<Endpoint> open(OpenContext context) {
      return switch (context.direction()) {
        case READ -> InheritedDescriptor.open(context, Fd.borrowed(0), "using stdin for reading");
        case WRITE -> InheritedDescriptor.open(context, Fd.borrowed(1), "using stdout for writing");
        case BOTH -> {
          context.log().notice("reading from and writing to stdio");
          yield InheritedDescriptor.open(context, Fd.borrowed(0), Fd.borrowed(1));
        }
      };
    }
  }

  /** Standard input. */
  @AutoService(AddressTypes.class)
  public static final class In extends StandardStreams {
    public In() {
      super(
          AddressDescriptor.named("STDIN")
              .goes(Direction.READ)
              .documented(
                  "standard input", "Reads standard input, and does not close it.", "STDIN"));
    }

    @Override
    public CompletionStage<Endpoint> open(OpenContext context) {
      return InheritedDescriptor.open(
          context, Fd.borrowed(0), "using stdin for " + context.direction().words());
    }
  }

  /** Standard output. */
  @AutoService(AddressTypes.class)
  public static final class Out extends StandardStreams {
    public Out() {
      super(
          AddressDescriptor.named("STDOUT")
              .goes(Direction.WRITE)
              .documented(
                  "standard output", "Writes standard output, and does not close it.", "STDOUT"));
    }

    @Override
    public CompletionStage<Endpoint> open(OpenContext context) {
      return InheritedDescriptor.open(
          context, Fd.borrowed(1), "using stdout for " + context.direction().words());
    }
  }

  /** Standard error output. */
  @AutoService(AddressTypes.class)
  public static final class Err extends StandardStreams {
    public Err() {
      super(
          AddressDescriptor.named("STDERR")
              .goes(Direction.WRITE)
              .documented(
                  "standard error output",
                  "Writes standard error, and does not close it.",
                  "STDERR"));
    }

    @Override
    public CompletionStage<Endpoint> open(OpenContext context) {
      return InheritedDescriptor.open(
          context, Fd.borrowed(2), "using stderr for " + context.direction().words());
    }
  }
}
