package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.CNumber;
import dev.sluice.os.SocketCalls;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/**
 * What addresses of raw IP share: sockets whose packets have a protocol in place of ports. Needs
 * the privilege CAP_NET_RAW. See raw(7).
 */
public final class RawIp {
  private static final int LAST_PROTOCOL = 255;

  private RawIp() {}

  /** Opens an address of the form {@code host:protocol}. */
  public static CompletionStage<Endpoint> target(
      OpenContext context, BiFunction<DatagramSockets, String, CompletionStage<Endpoint>> opening) {
    try {
      int protocol = protocol(context, "sendto", 1);
      return opening.apply(
          new DatagramSockets(context, SocketCalls.SOCK_RAW, protocol), context.parameter(0));
    } catch (OpenFailure e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** The socket of an address of the form {@code protocol}; blocks while names are looked up. */
  public static ReceivingSocket receiving(OpenContext context, int family) {
    String keyword = context.address().type().descriptor().keyword();
    String kind = keyword.substring(keyword.indexOf('-') + 1).toLowerCase(Locale.ROOT);
    int protocol = protocol(context, kind, 0);
    return ReceivingSocket.onPort(context, null, family, SocketCalls.SOCK_RAW, protocol);
  }

  private static int protocol(OpenContext context, String function, int parameter) {
    String text = context.parameter(parameter);
    CNumber number = CNumber.parse(text, 0);
    String call =
        "xioopen_rawip_"
            + function
            + "(\""
            + String.join(":", context.address().spec().parameters())
            + "\",,)";
    if (number.length() < text.length()) {
      context.log().warning(call + ": trailing garbage in protocol specification");
    }
    if (number.value() < 0 || number.value() > LAST_PROTOCOL) {
      throw OpenFailure.lasting(
          call + ": protocol number exceeds " + LAST_PROTOCOL + " (" + number.value() + ")");
    }
    return (int) number.value();
  }
}
