package dev.sluice.fleet.top;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.keymap.BindingReader;
import org.jline.keymap.KeyMap;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/**
 * Runs the screen: keys, events and changes of size come into one queue, and after each of them the
 * screen is drawn anew. The terminal is as it was when this ends, by a signal too.
 *
 * <p>JLine's reader sets the terminal's mode itself before it reads. So the thread that reads keys
 * ends before the mode of before is set again.
 */
public final class Top {
  /** Between two looks at the history behind the graphs. */
  private static final long HISTORY_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** How long a lost stream is left alone. */
  private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** How long the keys' thread waits for a key before it looks whether it is to end. */
  private static final long KEY_MILLIS = 100;

  private final TopFeed feed;
  private final boolean colours;
  private final TopModel model = new TopModel();
  private final BlockingQueue<Runnable> happened = new ArrayBlockingQueue<>(64);
  private List<String> followed = List.of();
  private TopFeed.@Nullable Stream stream;
  private long historyAt;
  private String historyOf = "";
  private @Nullable Long followAgain;
  private volatile boolean isEnding;

  public Top(TopFeed feed, boolean colours) {
    this.feed = feed;
    this.colours = colours;
  }

  /** Whether this terminal can show a screen. */
  public static boolean canShow(@Nullable String type) {
    return type != null && !type.isEmpty() && !type.equals("dumb");
  }

  /** Shows the fleet until the user ends it. */
  public void run() throws IOException {
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).provider("exec").dumb(false).build()) {
      Attributes before = terminal.enterRawMode();
      Thread keys = new Thread(() -> readKeys(terminal), "keys");
      keys.setDaemon(true);
      AtomicBoolean restored = new AtomicBoolean();
      Runnable restore =
          () -> {
            if (!restored.getAndSet(true)) {
              isEnding = true;
              joinKeys(keys);
              terminal.puts(Capability.keypad_local);
              terminal.puts(Capability.cursor_normal);
              terminal.puts(Capability.exit_ca_mode);
              terminal.flush();
              terminal.setAttributes(before);
            }
          };
      Thread hook = new Thread(restore, "restore");
      Runtime.getRuntime().addShutdownHook(hook);
      try {
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.keypad_xmit);
        terminal.puts(Capability.cursor_invisible);
        keys.start();
        show(terminal);
      } finally {
        if (stream != null) {
          stream.close();
        }
        restore.run();
        remove(hook);
      }
    }
  }

  /**
   * Waits until no key is being read; a terminal that hangs can't hold the end up for long. An
   * interrupt is dropped: stty(1), which JLine runs next, would not be waited for.
   */
  private static void joinKeys(Thread keys) {
    try {
      Thread.interrupted();
      keys.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      return;
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is being ended, and the hook runs
    }
  }

  private void show(Terminal terminal) throws IOException {
    Display display = new Display(terminal, true);
    terminal.handle(Terminal.Signal.WINCH, signal -> offer(display::reset));
    terminal.handle(
        Terminal.Signal.INT, signal -> offer(() -> model.press(Key.of(Key.Kind.INTERRUPT))));
    while (!model.hasEnded()) {
      Size size = terminal.getSize();
      display.resize(terminal);
      model.room(size.getRows() - TopScreen.FRAME);
      follow();
      loadHistory();
      TopScreen screen = new TopScreen(size.getColumns(), size.getRows(), colours, Instant.now());
      display.update(screen.draw(model), -1);
      next();
    }
  }

  /** Waits for something to happen, and does what it asks for. */
  private void next() {
    try {
      Runnable first = happened.poll(1, TimeUnit.SECONDS);
      for (Runnable one = first; one != null; one = happened.poll()) {
        one.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      model.press(Key.of(Key.Kind.INTERRUPT));
    }
    TopModel.Wish wish = model.takeWish();
    if (wish != null) {
      String refused = feed.operate(wish.verb(), wish.relay());
      model.say(refused == null ? "" : refused);
    }
  }

  private void offer(Runnable what) {
    try {
      while (!isEnding && !happened.offer(what, KEY_MILLIS, TimeUnit.MILLISECONDS)) {
        // the screen is slow: what happens waits for it
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Follows what the model wants to be told, if that is not what is followed. */
  private void follow() {
    List<String> query = model.query();
    boolean isDue = followAgain != null && System.nanoTime() - followAgain >= 0;
    if (query.equals(followed) && !isDue) {
      return;
    }
    if (stream != null) {
      stream.close();
    }
    followed = query;
    followAgain = null;
    stream =
        feed.follow(
            query,
            event -> offer(() -> take(query, event)),
            reason -> offer(() -> lost(query, reason)));
  }

  private void take(List<String> query, Map<String, Object> event) {
    if (query.equals(followed)) {
      model.update(event);
    }
  }

  private void lost(List<String> query, String reason) {
    if (query.equals(followed)) {
      model.say(reason);
      followAgain = System.nanoTime() + AGAIN_NANOS;
    }
  }

  private void loadHistory() {
    boolean isList = model.view() == TopModel.View.LIST;
    String relay = isList ? "" : model.current();
    boolean isDue = System.nanoTime() - historyAt > HISTORY_NANOS;
    if (relay.isEmpty() || (relay.equals(historyOf) && !isDue)) {
      historyOf = relay;
      return;
    }
    historyOf = relay;
    historyAt = System.nanoTime();
    Map<String, Object> history = feed.history(relay);
    if (history != null) {
      model.history(numbers(history.get("right")), numbers(history.get("left")));
    }
  }

  private static List<Long> numbers(@Nullable Object list) {
    return list instanceof List<?> some
        ? some.stream().map(one -> one instanceof Number number ? number.longValue() : 0L).toList()
        : List.of();
  }

  // --- keys

  private void readKeys(Terminal terminal) {
    KeyMap<Key.Kind> map = new KeyMap<>();
    map.setUnicode(Key.Kind.TEXT);
    map.setNomatch(Key.Kind.TEXT);
    for (int c = ' '; c < 127; c++) {
      map.bind(Key.Kind.TEXT, String.valueOf((char) c));
    }
    map.bind(Key.Kind.ENTER, "\r", "\n");
    map.bind(Key.Kind.BACKSPACE, "\b", "\u007f");
    map.bind(Key.Kind.INTERRUPT, "\u0003");
    map.bind(Key.Kind.ESCAPE, "\u001b");
    bind(map, terminal, Key.Kind.UP, Capability.key_up, "\u001b[A");
    bind(map, terminal, Key.Kind.DOWN, Capability.key_down, "\u001b[B");
    bind(map, terminal, Key.Kind.PAGE_UP, Capability.key_ppage, "\u001b[5~");
    bind(map, terminal, Key.Kind.PAGE_DOWN, Capability.key_npage, "\u001b[6~");
    bind(map, terminal, Key.Kind.HOME, Capability.key_home, "\u001b[H");
    bind(map, terminal, Key.Kind.END, Capability.key_end, "\u001b[F");
    BindingReader reader = new BindingReader(terminal.reader());
    try {
      while (!isEnding) {
        if (reader.peekCharacter(KEY_MILLIS) == NonBlockingReader.READ_EXPIRED) {
          continue;
        }
        Key.Kind kind = reader.readBinding(map);
        if (kind == null) {
          break; // the terminal is gone
        }
        String typed = kind == Key.Kind.TEXT ? reader.getLastBinding() : "";
        offer(() -> model.press(new Key(kind, typed)));
      }
    } catch (RuntimeException | Error e) {
      if (!(e instanceof UncheckedIOException) && !e.getClass().getName().contains("IOError")) {
        throw e;
      }
    }
    offer(() -> model.press(Key.of(Key.Kind.INTERRUPT)));
  }

  private static void bind(
      KeyMap<Key.Kind> map, Terminal terminal, Key.Kind kind, Capability capability, String usual) {
    String sequence = KeyMap.key(terminal, capability);
    if (sequence != null && !sequence.isEmpty()) {
      map.bind(kind, sequence);
    }
    map.bind(kind, usual);
  }
}
