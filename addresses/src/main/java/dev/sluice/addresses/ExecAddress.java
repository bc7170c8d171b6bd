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
import dev.sluice.option.ProgramOptions;
import dev.sluice.spec.CommandWords;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Runs a program and talks to it, without a shell: {@code EXEC}. See execvp(3). */
@AutoService(AddressTypes.class)
public final class ExecAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("EXEC")
          .takes(Parameter.required("command-line"))
          .groups(FD, FIFO, SOCKET, EXEC, FORK, TERMIOS, PTY, PARENT, UNIX)
          .documented(
              "runs a program",
              "Runs a program that is found in PATH, with the words behind its name as arguments, and joins its"
                  + " standard input and output to the relay.",
              "EXEC:cat");

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    List<String> words = new ArrayList<>(CommandWords.split(context.parameter(0)));
    String file = words.get(0);
    if (context.options().isOn(ProgramOptions.DASH)) {
      words.set(0, "-" + file);
    }
    return new ProgramStarter(context)
        .start(new ProgramStarter.Program(file, words, Map.of(), true, Optional.empty()));
  }
}
