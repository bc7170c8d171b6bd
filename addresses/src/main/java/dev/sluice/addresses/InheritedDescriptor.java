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
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.option.CNumber;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Phase;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.InheritedDescriptors;
import dev.sluice.os.NativeError;
import dev.sluice.os.SavedTerminals;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A descriptor that the process was given: {@code FD:3}, or a single digit.
 *
 * <p>Others may share it, so it keeps its blocking mode, and stays open at the end unless {@code
 * end-close} is given.
 */
@AutoService(AddressTypes.class)
public final class InheritedDescriptor implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("FD")
          .takes(Parameter.required("fdnum"))
          .groups(
              FD, FIFO, CHR, BLK, REG, SOCKET, TERMIOS, UNIX, IP4, IP6, UDP, TCP, SCTP, DCCP,
              UDPLITE)
          .withoutUsage()
          .documented(
              "a descriptor that was inherited",
              "Uses a descriptor that is open already, in both directions. A single digit is short"
                  + " for it.",
              "FD:3");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    Fd fd;
    try {
      fd = find(context);
    } catch (OpenFailure | NativeError e) {
      return CompletableFuture.failedStage(e);
    }
    return open(context, fd, "using file descriptor " + fd + " for " + context.direction().words());
  }

  /** The descriptor that the first parameter names; fails when the process was not given it. */
  static Fd find(OpenContext context) {
    String text = context.parameter(0);
    CNumber number = CNumber.parse(text, 0);
    if (number.length() == 0 || number.length() < text.length()) {
      throw OpenFailure.lasting("error in FD number \"" + text + "\"");
    }
    Fd fd = Fd.borrowed((int) number.value());
    if (!InheritedDescriptors.contains(fd.number())) {
      context.log().warning("fcntl(" + fd + ", F_SETFD, FD_CLOEXEC): " + Errno.text(Errno.EBADF));
      throw new NativeError(context.address().spec().head(), Errno.EBADF);
    }
    fd.setCloseOnExec(true);
    return fd;
  }

  static CompletionStage<Endpoint> open(OpenContext context, Fd fd, String notice) {
    context.log().notice("%s", notice);
    Fd own = ofSession(context, fd);
    return finish(context, endpoint(context, own, own), own);
  }

  /**
   * A pair of descriptors. Of two directions only those run that the descriptors were opened for: a
   * closed standard stream, or the reading end of a pipe, leaves the other one to itself.
   */
  static CompletionStage<Endpoint> open(OpenContext context, Fd in, Fd out) {
    Fd ownIn = ofSession(context, in);
    Fd ownOut = ofSession(context, out);
    return finish(context, endpoint(context, ownIn, ownOut), ownIn, ownOut);
  }

  private static Endpoint endpoint(OpenContext context, Fd in, Fd out) {
    return Endpoint.of(
        FdReader.of(in), FdWriter.of(out), context.direction().within(possible(in, out)));
  }

  private static Direction possible(Fd in, Fd out) {
    if (in.isReadable() == out.isWritable()) {
      return Direction.BOTH; // or neither, and the first use says so
    }
    return in.isReadable() ? Direction.READ : Direction.WRITE;
  }

  /**
   * The descriptor, or for a session that closes it in the end, and is one of many, one of its own:
   * the number would become another session's.
   */
  private static Fd ofSession(OpenContext context, Fd fd) {
    if (!InheritedDescriptors.contains(fd.number())) {
      throw new NativeError(context.address().spec().head(), Errno.EBADF);
    }
    boolean isOneOfMany = context.log().session() != ProcessHandle.current().pid();
    return isOneOfMany && context.options().has(DataTransferOptions.END_CLOSE)
        ? fd.duplicate()
        : fd;
  }

  private static CompletionStage<Endpoint> finish(
      OpenContext context, Endpoint endpoint, Fd... fds) {
    for (Fd fd : fds) {
      endpoint.beforeClose(SavedTerminals.save(fd));
    }
    try {
      for (Fd fd : fds) {
        for (Phase phase :
            new Phase[] {Phase.PASTSOCKET, Phase.FD, Phase.PREBIND, Phase.CONNECTED, Phase.LATE}) {
          OptionApplier.apply(phase, fd, context.options(), context.log());
        }
        if (context.options().has(DataTransferOptions.END_CLOSE)) {
          fd.takeOver();
        }
      }
      return CompletableFuture.completedStage(endpoint);
    } catch (NativeError e) {
      endpoint.close();
      return CompletableFuture.failedStage(e);
    }
  }
}
