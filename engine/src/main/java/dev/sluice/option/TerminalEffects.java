package dev.sluice.option;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.Termios;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What options do to terminals: see termios(3). All those of an address are collected in written
 * order, and written at once.
 */
public final class TerminalEffects {
  private static final long TIOCSWINSZ = 0x5414;

  private TerminalEffects() {}

  /** A setting of a terminal. */
  public interface Terminal extends Effect {
    /** Changes the settings, which are written later; the size of the window is set at once. */
    void change(Termios settings, Fd fd, @Nullable Object value);
  }

  /** A flag in one of the four words, set by a true value and cleared by a false one. */
  public record TerminalFlag(Termios.Word word, int mask) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      settings.replace(word, mask, Boolean.TRUE.equals(value) ? mask : 0);
    }
  }

  /** Fixed bits in place of those of a mask. */
  public record TerminalPattern(Termios.Word word, int mask, int bits) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      settings.replace(word, mask, bits);
    }
  }

  /** The value, shifted to its place, in place of the bits of a mask. */
  public record TerminalField(Termios.Word word, int mask) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      if (value instanceof Integer number) {
        settings.replace(word, mask, number << Integer.numberOfTrailingZeros(mask));
      }
    }
  }

  /** A control character. */
  public record TerminalCharacter(int index) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      if (value instanceof Integer number) {
        settings.character(index, number);
      }
    }
  }

  /** The speed of input or output, by the kernel's code for it. */
  public record TerminalSpeed(boolean output) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      if (value instanceof Integer number && output) {
        settings.outputSpeed(number);
      } else if (value instanceof Integer number) {
        settings.inputSpeed(number);
      }
    }
  }

  /** Many settings at once. */
  public record TerminalMode(Consumer<Termios> change) implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      change.accept(settings);
    }
  }

  /** Bits to set in the word that the value names. */
  public record TerminalBits() implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      if (value instanceof OptionType.Numbered<?> pair) {
        int bits = ((Long) pair.value()).intValue();
        settings.replace(Termios.Word.values()[pair.number()], bits, bits);
      }
    }
  }

  /** Columns and rows of a terminal, see ioctl_tty(2), TIOCSWINSZ. */
  public record WindowSize() implements Terminal {
    @Override
    public void change(Termios settings, Fd fd, @Nullable Object value) {
      if (value instanceof OptionType.Numbered<?> pair) {
        int columns = pair.number();
        int rows = (Integer) pair.value();
        NativeBuffer size = NativeBuffer.allocate(8).putShort(0, rows).putShort(2, columns);
        LibC.check(
            LibC.ioctl(fd.number(), TIOCSWINSZ, size),
            "ioctl(" + fd + ", TIOCSWINSZ, {" + columns + "," + rows + "})");
      }
    }
  }

  /** Applies those of a phase. */
  static void apply(Phase phase, Fd fd, Options options) {
    List<OptionValue<?>> all = options.of(phase);
    if (all.isEmpty()) {
      return; // as for nearly every connection
    }
    List<OptionValue<?>> given =
        all.stream().filter(value -> value.option().effect() instanceof Terminal).toList();
    if (given.isEmpty()) {
      return;
    }
    Termios settings = Termios.of(fd.number());
    Termios before = settings.copy();
    for (OptionValue<?> value : given) {
      ((Terminal) value.option().effect()).change(settings, fd, value.value());
    }
    if (!settings.equals(before)) {
      settings.applyTo(fd.number());
    }
  }
}
