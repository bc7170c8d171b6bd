package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a text once, then ends; what is written goes to standard output: {@code TEXT}. */
@AutoService(AddressTypes.class)
public final class TextAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("TEXT")
          .takes(Parameter.required("string"))
          .groups(FD, FIFO)
          .documented(
              "a fixed text",
              "Reading gives the text, once. Writing goes to standard output.",
              "TEXT:\"hello\\n\"");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    Direction direction = context.direction();
    if (direction == Direction.WRITE) {
      context.log().warning("TEXT address in write-only context degenerates to STDOUT");
    }
    if (direction.writes()) {
      context.log().notice("using stdout for writing");
    }
    if (direction == Direction.WRITE) {
      return CompletableFuture.completedStage(Endpoint.of(Fd.borrowed(1), Direction.WRITE));
    }
    context.log().notice("reading from data pipe");
    try {
      FdReader reader = FdReader.of(filled(context.parameter(0)));
      return CompletableFuture.completedStage(
          direction == Direction.READ
              ? Endpoint.reading(reader)
              : Endpoint.duplex(reader, FdWriter.of(Fd.borrowed(1))));
    } catch (NativeError e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** The reading end of a pipe that holds the text, up to its first NUL. */
  private static Fd filled(String text) {
    int nul = text.indexOf('\0');
    byte[] bytes = (nul < 0 ? text : text.substring(0, nul)).getBytes(StandardCharsets.ISO_8859_1);
    Fd[] ends = LibC.pipe(0);
    NativeBuffer buffer = NativeBuffer.of(bytes);
    if (bytes.length > 0) {
      LibC.check(LibC.write(ends[1].number(), buffer, 0, bytes.length), "write(" + ends[1] + ")");
    }
    ends[1].close();
    return ends[0];
  }
}
