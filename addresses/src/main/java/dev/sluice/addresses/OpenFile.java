package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import java.util.concurrent.CompletionStage;

/** Opens a file that exists, or creates it when told to: {@code OPEN}. See open(2). */
@AutoService(AddressTypes.class)
public final class OpenFile implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("OPEN")
          .aka("FILE")
          .takes(Parameter.required("filename"))
          .groups(FD, FIFO, CHR, BLK, REG, NAMED, OPEN, TERMIOS)
          .documented(
              "opens a file",
              "Opens a file as open(2) does: writing starts at its beginning, and what is missing"
                  + " is an error unless option creat is given.",
              "OPEN:/var/log/app.log,creat,append");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String path = context.parameter(0);
    return context.waitingFor(
        () -> {
          FileOpening.prepare(path, context);
          context
              .log()
              .notice(
                  "opening %s \"%s\" for %s",
                  FileOpening.kind(path), path, context.direction().words());
          return FileOpening.endpoint(
              path,
              () -> FileOpening.open(path, FileOpening.accessMode(context.direction()), context),
              context);
        });
  }
}
