package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.terminal.AddressPty;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.option.PtyOptions;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;

/**
 * A new pseudo terminal for other programs to open: {@code PTY}. See pty(7).
 *
 * <p>Its slave stays open here, so programs may come and go; with {@code wait-slave} it does not,
 * and the last one to close it ends the data.
 */
@AutoService(AddressTypes.class)
public final class PtyAddress implements AddressType {
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final long SHORTEST_PARK_NANOS = 1_000_000;

  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("PTY")
          .groups(FD, NAMED, TERMIOS, PTY)
          .withoutUsage()
          .documented(
              "a pseudo terminal",
              "Makes a pseudo terminal that other programs open as if it were a serial line, by its name or by a"
                  + " symbolic link.",
              "PTY,link=/tmp/modem,rawer");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(
        () -> {
          AddressPty made = AddressPty.open(context);
          context.log().notice("PTY is %s", made.pty().name());
          try {
            if (context.options().isOn(PtyOptions.WAIT_SLAVE)) {
              awaitSlave(made, context);
            }
            return made.endpoint();
          } catch (RuntimeException e) {
            made.close();
            throw e;
          }
        });
  }

  private static void awaitSlave(AddressPty made, OpenContext context) {
    Duration interval = context.options().get(PtyOptions.INTERVAL, INTERVAL);
    made.pty().closeSlave();
    while (!made.pty().isInUse()) {
      if (context.abandoned().isDone()) {
        throw new CancellationException();
      }
      LockSupport.parkNanos(Math.max(SHORTEST_PARK_NANOS, interval.toNanos()));
    }
  }
}
