package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Creates a file, or empties it, and writes it: {@code CREATE}. See creat(2). */
@AutoService(AddressTypes.class)
public final class CreateFile implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("CREATE")
          .aka("CREAT")
          .takes(Parameter.required("filename"))
          .goes(Direction.WRITE)
          .groups(FD, REG, NAMED)
          .documented(
              "creates or empties a file for writing",
              "Writes a new file; one that exists is emptied first.",
              "CREATE:out.bin");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String path = context.parameter(0);
    if (context.direction() == Direction.READ) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting(
              context.address().spec().keyword()
                  + ":\""
                  + path
                  + "\": read-only mode, refusing to truncate or create file"));
    }
    return context.waitingFor(
        () -> {
          FileOpening.prepare(path, context);
          context
              .log()
              .notice("creating regular file \"%s\" for %s", path, context.direction().words());
          int mode = FileOpening.creationMode(context.options());
          return FileOpening.endpoint(path, () -> create(path, mode), context);
        });
  }

  private static Fd create(String path, int mode) {
    try {
      return FileCalls.open(path, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.TRUNC, mode);
    } catch (NativeError e) {
      throw new NativeError(
          "creat(\"" + path + "\", 0" + Integer.toOctalString(mode) + ")", e.errno());
    }
  }
}
