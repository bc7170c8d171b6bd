package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Never gives anything and never takes anything: {@code STALL}. */
@AutoService(AddressTypes.class)
public final class StallAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("STALL")
          .groups(FD, FIFO)
          .withoutUsage()
          .documented(
              "neither gives nor takes data",
              "Reading never yields anything, and writing is never possible.",
              "STALL");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    try {
      return CompletableFuture.completedStage(stall(context));
    } catch (NativeError e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static Endpoint stall(OpenContext context) {
    context
        .log()
        .notice(
            "%s",
            switch (context.direction()) {
              case READ -> "reading from stall pipe";
              case WRITE -> "writing to nothing";
              case BOTH -> "reading from stall pipe, writing to nothing";
            });
    Fd[] ends = LibC.pipe(0);
    FdReader reader = FdReader.of(ends[0]);
    FdWriter writer = new Nothing(ends[1]);
    return switch (context.direction()) {
      case READ -> Endpoint.reading(reader).onClose(ends[1]::close);
      case WRITE -> Endpoint.writing(writer).onClose(ends[0]::close);
      case BOTH -> Endpoint.duplex(reader, writer);
    };
  }

  private record Nothing(Fd fd) implements FdWriter {
    @Override
    public int write(long buffer, int length) {
      return -Errno.EAGAIN;
    }

    @Override
    public boolean acceptsData() {
      return false;
    }
  }
}
