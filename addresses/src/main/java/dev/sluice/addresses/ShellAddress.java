package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.program.ProgramStarter;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.ProgramOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Has the user's shell run a command, or starts the shell itself: {@code SHELL}. */
@AutoService(AddressTypes.class)
public final class ShellAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("SHELL")
          .takes(Parameter.optional("shell-command"))
          .groups(FD, FIFO, SOCKET, EXEC, FORK, SHELL, TERMIOS, PTY, PARENT, UNIX)
          .documented(
              "runs the user's shell",
              "Gives a command to the shell that SHELL names, or starts that shell without one.",
              "SHELL:\"echo hello\"");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    String shell =
        context
            .options()
            .find(ProgramOptions.SHELL)
            .orElseGet(() -> context.environment().get().get("SHELL"));
    if (shell == null) {
      return CompletableFuture.failedStage(OpenFailure.lasting("SHELL variable undefined"));
    }
    if (shell.indexOf('/') < 0) {
      return CompletableFuture.failedStage(
          OpenFailure.lasting(
              "SHELL \"" + shell + "\" variable does not specify a path (has no '/')"));
    }
    String name = shell.substring(shell.lastIndexOf('/') + 1);
    List<String> words =
        context.address().spec().parameters().isEmpty()
            ? List.of(name)
            : List.of(name, "-c", context.parameter(0));
    return new ProgramStarter(context)
        .start(
            new ProgramStarter.Program(
                shell, words, Map.of("SHELL", shell), false, Optional.empty()));
  }
}
