package dev.sluice.addresses;

import static dev.sluice.option.OptionGroup.*;

import com.google.auto.service.AutoService;
import dev.sluice.addresses.terminal.LineEditor;
import dev.sluice.addresses.terminal.ReadlineOptions;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.AddressTypes;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.option.Option;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.os.Fd;
import dev.sluice.os.SavedTerminals;
import dev.sluice.os.Termios;
import dev.sluice.os.Undo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Lines that are edited in the terminal on standard input, with history: {@code READLINE}. */
@AutoService(AddressTypes.class)
public final class ReadlineAddress implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("READLINE")
          .groups(FD, READLINE, TERMIOS)
          .withoutUsage()
          .documented(
              "edited lines from the terminal",
              "Has the user edit lines in the terminal on standard input, with a history, and shows there what"
                  + " the peer sends.",
              "READLINE,history=/tmp/history");

  @Override
  public List<Option<?>> options() {
    return ReadlineOptions.ROWS;
  }

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<Endpoint> open(OpenContext context) {
    return context.blocking(() -> openNow(context));
  }

  private static Endpoint openNow(OpenContext context) {
    Options options = context.options();
    Predicate<String> hidden =
        options.find(ReadlineOptions.NOECHO).map(Pattern::asPredicate).orElse(prompt -> false);
    context.log().notice("using readline on stdin for reading and stdio for writing");
    Fd terminal = Fd.borrowed(0);
    Termios.of(terminal.number());
    Runnable restore = SavedTerminals.save(terminal);
    try {
      OptionApplier.apply(Phase.FD, terminal, options, context.log());
      OptionApplier.apply(Phase.LATE, terminal, options, context.log());
      Optional<String> prompt =
          options.isOn(ReadlineOptions.NOPROMPT)
              ? Optional.of("")
              : options.find(ReadlineOptions.PROMPT);
      Optional<Path> history =
          options.find(ReadlineOptions.HISTORY).map(name -> Path.of(name).toAbsolutePath());
      LineEditor editor =
          LineEditor.start(
              terminal, new LineEditor.Settings(prompt, hidden, history), context.log());
      return Endpoint.duplex(FdReader.of(editor.lines()), editor.screen())
          .processed()
          .beforeClose(Undo.register(editor::saveHistory))
          .beforeClose(editor::close)
          .beforeClose(restore);
    } catch (IOException e) {
      restore.run();
      throw OpenFailure.lasting("read_history(): " + e);
    } catch (RuntimeException e) {
      restore.run();
      throw e;
    }
  }
}
