package dev.sluice.option;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.Termios;
import java.util.List;

/**
 * Applies what options say of a terminal: collected in written order, written once. See {@link
 * Effect.Terminal}.
 */
final class TerminalSettings {
  private static final long TIOCSWINSZ = 0x5414;

  private TerminalSettings() {}

  static void apply(Phase phase, Fd fd, Options options) {
    List<OptionValue<?>> given =
        options.of(phase).stream()
            .filter(value -> value.option().effect() instanceof Effect.Terminal)
            .toList();
    if (given.isEmpty()) {
      return;
    }
    Termios settings = Termios.of(fd.number());
    Termios before = settings.copy();
    for (OptionValue<?> value : given) {
      change(settings, (Effect.Terminal) value.option().effect(), value.value(), fd);
    }
    if (!settings.equals(before)) {
      settings.applyTo(fd.number());
    }
  }

  private static void change(
      Termios settings,
      Effect.Terminal effect,
      @org.jspecify.annotations.Nullable Object value,
      Fd fd) {
    if (effect instanceof Effect.TerminalFlag flag) {
      settings.replace(flag.word(), flag.mask(), Boolean.TRUE.equals(value) ? flag.mask() : 0);
    } else if (effect instanceof Effect.TerminalPattern pattern) {
      settings.replace(pattern.word(), pattern.mask(), pattern.bits());
    } else if (effect instanceof Effect.TerminalMode mode) {
      mode.change().accept(settings);
    } else if (value instanceof Integer number) {
      change(settings, effect, number);
    } else if (value instanceof OptionType.Numbered<?> pair) {
      if (effect instanceof Effect.TerminalBits) {
        int bits = ((Long) pair.value()).intValue();
        settings.replace(Termios.Word.values()[pair.number()], bits, bits);
      } else {
        resize(fd.number(), pair.number(), (Integer) pair.value());
      }
    }
  }

  private static void change(Termios settings, Effect.Terminal effect, int number) {
    if (effect instanceof Effect.TerminalField field) {
      settings.replace(
          field.word(), field.mask(), number << Integer.numberOfTrailingZeros(field.mask()));
    } else if (effect instanceof Effect.TerminalCharacter character) {
      settings.character(character.index(), number);
    } else if (effect instanceof Effect.TerminalSpeed speed) {
      if (speed.output()) {
        settings.outputSpeed(number);
      } else {
        settings.inputSpeed(number);
      }
    }
  }

  private static void resize(int fd, int columns, int rows) {
    NativeBuffer size = NativeBuffer.allocate(8).putShort(0, rows).putShort(2, columns);
    LibC.check(
        LibC.ioctl(fd, TIOCSWINSZ, size),
        "ioctl(" + fd + ", TIOCSWINSZ, {" + columns + "," + rows + "})");
  }
}
