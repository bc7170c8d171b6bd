package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.socket.UnixConnector;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.os.FileCalls;
import dev.sluice.os.FileStatus;
import dev.sluice.os.OpenFlags;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Opens whatever is at a path in the way that fits it: {@code GOPEN}, also meant by any word with a
 * slash.
 */
@AutoService(AddressTypes.class)
public final class GuessedOpen implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("GOPEN")
          .takes(Parameter.required("filename"))
          .groups(FD, FIFO, CHR, BLK, REG, SOCKET, NAMED, OPEN, TERMIOS, UNIX)
          .documented(
              "opens whatever is at a path",
              "Connects to a UNIX socket, appends to a file that exists, creates one that does not."
                  + " A word with a slash is short for it.",
              "GOPEN:./notes.txt");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    String path = context.parameter(0);
    return context
        .preparing(
            () -> {
              FileOpening.prepare(path, context);
              return Optional.ofNullable(FileCalls.stat(path));
            })
        .thenCompose(
            status ->
                status.filter(FileStatus::isSocket).isPresent()
                    ? connect(path, context)
                    : context.waitingFor(() -> open(path, status.orElse(null), context)));
  }

  private static CompletionStage<Endpoint> connect(String path, OpenContext context) {
    return new UnixConnector(context, false)
        .connectAnyType(path)
        .thenApply(
            endpoint -> {
              context.log().notice("successfully connected via <anon>");
              return endpoint;
            });
  }

  private static Endpoint open(String path, @Nullable FileStatus status, OpenContext context) {
    context
        .log()
        .notice(
            "opening %s \"%s\" for %s",
            status == null ? "undef" : status.kind(), path, context.direction().words());
    int flags = FileOpening.accessMode(context.direction()) | moreFlags(status, context);
    return FileOpening.endpoint(path, () -> FileOpening.open(path, flags, context), context);
  }

  private static int moreFlags(@Nullable FileStatus status, OpenContext context) {
    if (status == null) {
      return OpenFlags.CREAT;
    }
    return context.direction().writes() ? OpenFlags.APPEND : 0;
  }
}
