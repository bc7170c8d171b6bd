package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.option.FileOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Phase;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.Undo;
import java.util.concurrent.CompletionStage;

/**
 * A pipe: without a name an echo, with a name a FIFO that is made when missing: {@code PIPE}. See
 * pipe(7), fifo(7).
 */
@AutoService(AddressTypes.class)
public final class PipeAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("PIPE")
          .aka("FIFO", "ECHO")
          .takes(Parameter.optional("filename"))
          .groups(FD, FIFO, NAMED, OPEN)
          .documented(
              "a pipe to itself, or a named pipe",
              "Without a name it gives back what is written to it. With a name it opens that FIFO,"
                  + " and makes it when it is missing.",
              "PIPE");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.waitingFor(
        () ->
            context.address().spec().parameters().isEmpty()
                ? unnamed(context)
                : named(context.parameter(0), context));
  }

  private static Endpoint unnamed(OpenContext context) {
    context.log().notice("writing to and reading from unnamed pipe");
    Fd[] ends = LibC.pipe(0);
    try {
      for (Fd end : ends) {
        OptionApplier.apply(Phase.FD, end, context.options(), context.log());
        OptionApplier.apply(Phase.LATE, end, context.options(), context.log());
      }
      warnOfSmallPipe(ends[1], context);
    } catch (RuntimeException e) {
      ends[0].close();
      ends[1].close();
      throw e;
    }
    return Endpoint.duplex(FdReader.of(ends[0]), FdWriter.of(ends[1]))
        .pollable()
        .halfClose(HalfClose.CLOSE);
  }

  private static void warnOfSmallPipe(Fd end, OpenContext context) {
    int size = LibC.fcntl(end.number(), LibC.F_GETPIPE_SZ, 0);
    int block = context.settings().blockSize();
    if (size >= 0 && block > size) {
      context
          .log()
          .warning(
              "xio_chk_pipesz("
                  + end
                  + ", ...): Socat block size "
                  + block
                  + " is larger than pipe size "
                  + size
                  + ", might block; use option f-setpipe-sz!");
    }
  }

  private static Endpoint named(String path, OpenContext context) {
    FileOpening.prepare(path, context);
    Undo removal = Undo.step(() -> make(path, context));
    int access = FileOpening.accessMode(context.direction());
    return FileOpening.endpoint(
        path, () -> FileOpening.open(path, access, context), removal, context);
  }

  /** Makes the FIFO if it is missing; returns what removes it, if anything shall. */
  private static Undo make(String path, OpenContext context) {
    boolean created = false;
    String words = context.direction().words();
    if (FileCalls.stat(path) == null) {
      int mode = FileOpening.creationMode(context.options());
      int result = FileCalls.mkfifo(path, mode);
      if (result < 0 && result != -Errno.EEXIST) {
        throw new NativeError("mkfifo(" + path + ", " + mode + ")", -result);
      }
      created = true;
      context.log().notice("created named pipe \"%s\" for %s", path, words);
    } else {
      context.log().notice("opening %s \"%s\" for %s", FileOpening.kind(path), path, words);
    }
    boolean remove = context.options().get(FileOptions.UNLINK_CLOSE, created);
    return remove ? Undo.unlink(path) : Undo.NOTHING;
  }
}
