package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import dev.sluice.addresses.socket.Dialogue;
import dev.sluice.addresses.socket.HostPort;
import dev.sluice.addresses.socket.StreamConnector;
import dev.sluice.addresses.socket.StreamKind;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.TargetRequest;
import dev.sluice.endpoint.TargetRequest.Refusal;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Connects over TCP to what the client of the left address has asked for, and has the client told:
 * {@code TARGET}. Names are looked up once; what is connected to is what was checked.
 */
public final class TargetAddress implements AddressType {
  private static final StreamKind KIND = StreamKind.TCP_ANY;
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("TARGET")
          .groups(FD, SOCKET, RETRY, IP4, IP6, TCP, CONNECTING)
          .chosen()
          .documented(
              "connects to what the left address's client asks for",
              "The right address of SOCKS-SERVER and PROXY-SERVER. Its options are those of TCP-CONNECT, and are for the connections to targets.",
              "TARGET,connect-timeout=10");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    Endpoint left = context.left() instanceof Endpoint endpoint ? endpoint : null;
    TargetRequest request = left == null ? null : left.request();
    if (request == null) {
      return CompletableFuture.failedStage(OpenFailure.lasting("TARGET: nobody has asked for one"));
    }
    String target = request.host() + ":" + request.port();
    StreamConnector connector =
        new StreamConnector(context, KIND.type(), KIND.protocol()).named("TARGET " + target);
    return context
        .preparing(() -> permitted(context, request, target))
        .thenCompose(addresses -> connector.connectToOne(addresses, target))
        .handle((endpoint, failure) -> answered(context, request, target, endpoint, failure))
        .thenCompose(answered -> answered);
  }

  private static List<SocketAddressBytes> permitted(
      OpenContext context, TargetRequest request, String target) {
    List<SocketAddressBytes> permitted =
        addresses(context, request).stream().filter(request::permits).toList();
    if (permitted.isEmpty()) {
      throw new Refused("TARGET: " + target + " is denied to clients", Refusal.DENIED);
    }
    return permitted;
  }

  /** Tells the client what became of it, which may block. */
  private static CompletionStage<Endpoint> answered(
      OpenContext context,
      TargetRequest request,
      String target,
      @Nullable Endpoint endpoint,
      @Nullable Throwable failure) {
    return context
        .preparing(
            () -> {
              if (endpoint == null) {
                throw refused(
                    context, request, target, Dialogue.cause(Objects.requireNonNull(failure)));
              }
              request.granted(SocketCalls.getsockname(Dialogue.fdOf(endpoint).number()));
              return endpoint;
            })
        .whenComplete(
            (done, trouble) -> {
              if (trouble != null && endpoint != null) {
                endpoint.close();
              }
            });
  }

  private static RuntimeException refused(
      OpenContext context, TargetRequest request, String target, Throwable failure) {
    if (failure instanceof NativeError error && Errno.isDescriptorLimit(error.errno())) {
      return error;
    }
    Refusal why = Refusal.FAILED;
    String text = "TARGET " + target + ": " + failure.getMessage();
    if (failure instanceof Refused before) {
      why = before.why;
      text = before.getMessage();
    } else if (failure instanceof OpenFailure open) {
      why = refusal(open.errno());
      text = String.valueOf(open.getMessage());
    } else if (failure instanceof NativeError error) {
      why = refusal(error.errno());
    }
    if (context.lastAttempt() || why == Refusal.DENIED) {
      request.refused(why);
    }
    return why == Refusal.DENIED ? OpenFailure.lasting(text) : OpenFailure.retryable(text);
  }

  private static List<SocketAddressBytes> addresses(OpenContext context, TargetRequest request) {
    try {
      return HostPort.resolveRemote(
          context,
          request.host(),
          Integer.toString(request.port()),
          HostPort.family(context.options(), KIND.family()),
          KIND.type(),
          KIND.protocol());
    } catch (OpenFailure e) {
      throw new Refused("TARGET: " + e.getMessage(), Refusal.UNKNOWN_HOST);
    }
  }

  private static Refusal refusal(int errno) {
    return switch (errno) {
      case Errno.ECONNREFUSED -> Refusal.REFUSED;
      case Errno.ENETUNREACH -> Refusal.NETWORK_UNREACHABLE;
      case Errno.EHOSTUNREACH -> Refusal.HOST_UNREACHABLE;
      case Errno.ETIMEDOUT, Errno.EINPROGRESS -> Refusal.TIMED_OUT;
      default -> Refusal.FAILED;
    };
  }

  /** The client does not get its target. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal why;

    Refused(String message, Refusal why) {
      super(message, null, false, false);
      this.why = why;
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }
}
