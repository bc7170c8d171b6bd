package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.program.ProgramStarter;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Opened;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Has {@code sh} run a command and talks to it: {@code SYSTEM}. See system(3). */
@AutoService(AddressTypes.class)
public final class SystemAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SYSTEM")
          .takes(Parameter.required("shell-command"))
          .groups(FD, FIFO, SOCKET, EXEC, FORK, TERMIOS, PTY, PARENT, UNIX)
          .documented(
              "runs a shell command",
              "Gives a command to sh, and joins its standard input and output to the relay.",
              "SYSTEM:\"date; uptime\"");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    String command = context.parameter(0);
    return new ProgramStarter(context)
        .start(
            new ProgramStarter.Program(
                "/bin/sh",
                List.of("sh", "-c", command),
                Map.of(),
                false,
                Optional.of("system(\"" + command + "\")")));
  }
}
