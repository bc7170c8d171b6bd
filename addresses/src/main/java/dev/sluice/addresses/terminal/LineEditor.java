package dev.sluice.addresses.terminal;

import dev.sluice.endpoint.FdWriter;
import dev.sluice.log.RelayLog;
import dev.sluice.os.Fd;
import dev.sluice.os.ForwardedSignals;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOError;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.MaskingCallback;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.LineReaderImpl;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.PosixSysTerminal;

/**
 * Reads lines that a user edits in a terminal, and shows what the peer sends above the line that is
 * being edited. What the peer sent after its last line break is the prompt, unless there is a fixed
 * one or none.
 *
 * <p>Lines go into a pipe, for the relay to read.
 */
public final class LineEditor implements AutoCloseable {
  /**
   * How lines are read.
   *
   * @param prompt a fixed prompt; empty text for none at all
   * @param hidden prompts behind which nothing typed is shown or remembered
   * @param history file with lines of earlier runs
   */
  public record Settings(
      Optional<String> prompt, Predicate<String> hidden, Optional<Path> history) {}

  private static final Charset CHARSET = StandardCharsets.UTF_8;
  private static final int PROMPT_LIMIT = 512;

  /** SIGINT. */
  private static final int INTERRUPT = 2;

  private final Settings settings;
  private final RelayLog log;
  private final Fd terminal;
  private final Fd lines;
  private final Fd typed;
  private final LineReaderImpl reader;
  private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
  private volatile String prompt;
  private boolean editing;
  private volatile boolean closed;

  private LineEditor(Fd terminal, Settings settings, RelayLog log) throws IOException {
    this.terminal = terminal;
    this.settings = settings;
    this.log = log;
    this.prompt = settings.prompt().orElse("");
    String type = Optional.ofNullable(System.getenv("TERM")).orElse("dumb");
    Terminal screen =
        new PosixSysTerminal(
            "sluice",
            type,
            new EditorTerminal(terminal),
            CHARSET,
            false,
            Terminal.SignalHandler.SIG_DFL);
    this.reader = new LineReaderImpl(screen, "sluice");
    reader.setHistory(new DefaultHistory());
    reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
    reader.option(LineReader.Option.BRACKETED_PASTE, false);
    reader.option(LineReader.Option.INSERT_TAB, true);
    loadHistory();
    Fd[] pipe = LibC.pipe(0);
    this.lines = pipe[0];
    this.typed = pipe[1];
  }

  /** Starts to read lines from a terminal; throws when the history cannot be read. */
  public static LineEditor start(Fd terminal, Settings settings, RelayLog log) throws IOException {
    LineEditor editor = new LineEditor(terminal, settings, log);
    // also between lines: what is typed ahead is not to be taken, or echoed, by the kernel
    editor.reader.getTerminal().enterRawMode();
    Thread thread = new Thread(editor::edit, "line-editor");
    thread.setDaemon(true);
    thread.start();
    return editor;
  }

  /** Where the lines come out. */
  public Fd lines() {
    return lines;
  }

  private void edit() {
    MaskingCallback mask =
        new MaskingCallback() {
          @Override
          public String display(String line) {
            return settings.hidden().test(prompt) ? "" : line;
          }

          @Override
          public String history(String line) {
            return settings.hidden().test(prompt) ? "" : line;
          }
        };
    try {
      showPrompt();
      while (awaitKey()) {
        try {
          send((readLine(mask) + "\n").getBytes(CHARSET));
        } catch (UserInterruptException e) {
          ForwardedSignals.toOurGroup(INTERRUPT);
        }
        showPrompt();
      }
    } catch (EndOfFileException | IOException | IOError e) {
      log.debug("%s", e);
    } finally {
      typed.close();
    }
  }

  /** Waits until something is typed; data from the peer is shown as it comes. */
  private boolean awaitKey() throws IOException {
    reader.getTerminal().reader().peek(0);
    return !closed;
  }

  /** Reads a line behind the prompt, which is written over what the peer has shown of it. */
  private String readLine(MaskingCallback mask) {
    synchronized (this) {
      if (settings.prompt().filter(String::isEmpty).isEmpty()) {
        write("\r");
      }
      editing = true;
    }
    try {
      String line = reader.readLine(prompt, null, mask, null);
      synchronized (this) {
        unfinished.reset();
        prompt = settings.prompt().orElse("");
      }
      return line;
    } finally {
      synchronized (this) {
        editing = false;
      }
    }
  }

  private void write(String text) {
    reader.getTerminal().writer().write(text);
    reader.getTerminal().flush();
  }

  private void send(byte[] line) {
    NativeBuffer buffer = NativeBuffer.of(line);
    for (int done = 0; done < line.length; ) {
      int n = LibC.write(typed.number(), buffer, done, line.length - done);
      if (n < 0) {
        throw new EndOfFileException();
      }
      done += n;
    }
  }

  /** Shows what the peer sends. */
  public FdWriter screen() {
    return new FdWriter() {
      @Override
      public Fd fd() {
        return terminal;
      }

      @Override
      public int write(long buffer, int length) {
        show(buffer, length);
        return length;
      }
    };
  }

  private synchronized void show(long buffer, int length) {
    byte[] bytes = new byte[length];
    int printed = 0;
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) NativeBuffer.byteAt(buffer + i);
      printed = bytes[i] == '\n' ? i + 1 : printed;
    }
    if (editing) {
      showAbove(bytes, printed);
    } else {
      showAsItComes(bytes, printed);
    }
  }

  /** While a line is edited, whole lines are shown above it, and the rest becomes its prompt. */
  private void showAbove(byte[] bytes, int printed) {
    if (printed > 0) {
      unfinished.write(bytes, 0, printed);
      print();
    }
    unfinished.write(bytes, printed, bytes.length - printed);
    if (settings.prompt().isPresent()) {
      print();
    } else if (unfinished.size() > PROMPT_LIMIT) {
      print();
      changePrompt("");
    } else {
      changePrompt(afterLastReturn(unfinished.toString(CHARSET)));
    }
  }

  private void print() {
    if (unfinished.size() > 0) {
      reader.printAbove(unfinished.toString(CHARSET));
      unfinished.reset();
    }
  }

  /** Between lines all is shown at once; what stands behind the last line break is the prompt. */
  private void showAsItComes(byte[] bytes, int printed) {
    String fixed = settings.prompt().orElse("");
    if (!fixed.isEmpty()) {
      write("\r" + " ".repeat(fixed.length()) + "\r");
    }
    terminalOutput(bytes);
    if (settings.prompt().isPresent()) {
      if (printed == bytes.length) {
        showPrompt();
      }
      return;
    }
    if (printed > 0) {
      unfinished.reset();
    }
    unfinished.write(bytes, printed, bytes.length - printed);
    if (unfinished.size() > PROMPT_LIMIT) {
      unfinished.reset();
    }
    prompt = afterLastReturn(unfinished.toString(CHARSET));
  }

  /** Shows a fixed prompt before anything is typed. */
  private synchronized void showPrompt() {
    write(settings.prompt().orElse(""));
  }

  private void terminalOutput(byte[] bytes) {
    NativeBuffer buffer = NativeBuffer.of(bytes);
    for (int done = 0; done < bytes.length; ) {
      int n = LibC.write(terminal.number(), buffer, done, bytes.length - done);
      if (n < 0) {
        return; // the terminal has gone: reading it tells
      }
      done += n;
    }
  }

  private static String afterLastReturn(String text) {
    return text.substring(text.lastIndexOf('\r') + 1);
  }

  private void changePrompt(String text) {
    prompt = text;
    reader.setPrompt(text);
    if (reader.isReading()) {
      reader.redisplay();
    }
  }

  private void loadHistory() throws IOException {
    Path file = settings.history().orElse(null);
    if (file != null && Files.exists(file)) {
      Files.readAllLines(file, CHARSET).forEach(line -> reader.getHistory().add(line));
    }
  }

  /** Writes all lines entered, of this run and earlier ones, to the history file. */
  public void saveHistory() {
    Path file = settings.history().orElse(null);
    if (file == null) {
      return;
    }
    List<String> all = new ArrayList<>();
    reader.getHistory().forEach(entry -> all.add(entry.line()));
    try {
      Files.write(file, all, CHARSET);
    } catch (IOException e) {
      log.warning("write_history(\"" + file + "\"): " + e);
    }
  }

  @Override
  public void close() {
    closed = true;
    typed.close();
  }
}
