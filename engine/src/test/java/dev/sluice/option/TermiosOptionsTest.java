package dev.sluice.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.log.RelayLog;
import dev.sluice.os.Errno;
import dev.sluice.os.NativeError;
import dev.sluice.os.PseudoTerminal;
import dev.sluice.os.Termios;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row about terminals, set on one side of a pty and read back from the other. */
class TermiosOptionsTest {
  /** What the driver of pseudo terminals has its own way with. */
  private static final List<String> NOT_KEPT =
      List.of("cs5", "cs6", "cs7", "csize", "parenb", "cread");

  private static Termios after(String options) {
    try (PseudoTerminal pty = PseudoTerminal.open()) {
      OptionApplier.apply(Phase.FD, pty.slave(), Given.options(options), RelayLog.ofProcess());
      return Termios.of(pty.master().number());
    } catch (NativeError e) {
      throw new NativeError(options + ": " + e.getMessage(), e.errno());
    }
  }

  @Test
  void everyRowReachesTheTerminal() {
    List<String> wrong = new ArrayList<>();
    int checked = 0;
    for (Option<?> row : TermiosOptions.ROWS) {
      Effect effect = row.effect();
      String name = row.name();
      if (NOT_KEPT.contains(name)) {
        continue;
      }
      if (effect instanceof TerminalEffects.TerminalFlag flag) {
        checked++;
        boolean on = (after(name).get(flag.word()) & flag.mask()) == flag.mask();
        boolean off = (after(name + "=0").get(flag.word()) & flag.mask()) == 0;
        note(wrong, name, on && off);
      } else if (effect instanceof TerminalEffects.TerminalPattern pattern) {
        checked++;
        note(wrong, name, (after(name).get(pattern.word()) & pattern.mask()) == pattern.bits());
      } else if (effect instanceof TerminalEffects.TerminalField field) {
        checked++;
        int most = field.mask() >>> Integer.numberOfTrailingZeros(field.mask());
        for (int value = 0; value <= most; value++) {
          int bits = value << Integer.numberOfTrailingZeros(field.mask());
          note(wrong, name, (after(name + "=" + value).get(field.word()) & field.mask()) == bits);
        }
      } else if (effect instanceof TerminalEffects.TerminalCharacter character) {
        checked++;
        note(wrong, name, after(name + "=0x1d").character(character.index()) == 0x1d);
      } else if (effect instanceof TerminalEffects.TerminalSpeed speed) {
        checked++;
        Termios fast = after(name + "=4098");
        note(wrong, name, (speed.output() ? fast.outputSpeed() : fast.inputSpeed()) == 4098);
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(116, checked);
  }

  /**
   * A pseudo terminal has eight bits and no parity, always: the kernel drops what asks otherwise.
   */
  @ParameterizedTest
  @ValueSource(strings = {"cs6", "cs7", "parenb", "cread=0"})
  void whatAPseudoTerminalDoesNotKeepIsAnError(String option) {
    NativeError error = assertThrows(NativeError.class, () -> after(option));
    assertTrue(error.getMessage().contains("tcsetattr("), error.getMessage());
    assertEquals(Errno.EINVAL, error.errno());
  }

  /** The C library looks whether a change was kept, but not for five bits, whose code is 0. */
  @ParameterizedTest
  @ValueSource(strings = {"cs5", "csize=0"})
  void fiveBitsCannotBeReadBackFromAPseudoTerminal(String option) {
    int eightBits = 0x30;
    assertEquals(eightBits, after(option).get(Termios.Word.CONTROL) & eightBits);
  }

  private static void note(List<String> wrong, String name, boolean right) {
    if (!right) {
      wrong.add(name);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "raw               | 0000 0004 00bf 8a38",
        "raw,echo=0        | 0000 0004 00bf 8a30",
        "termios-rawer     | 0000 0000 00b0 0000",
        "termios-cfmakeraw | 0000 0004 00bf 0a30",
        "raw,sane          | 2102 0005 00bf 8a3b",
        "setflags=3:0x40   | 0500 0005 00bf 8a7b",
      })
  void setsManyAtOnce(String options, String words) {
    Termios settings = after(options);
    assertEquals(
        words,
        String.format(
            "%04x %04x %04x %04x",
            settings.get(Termios.Word.INPUT),
            settings.get(Termios.Word.OUTPUT),
            settings.get(Termios.Word.CONTROL),
            settings.get(Termios.Word.LOCAL)));
  }

  @Test
  void setsTheWindowSize() {
    try (PseudoTerminal pty = PseudoTerminal.open()) {
      OptionApplier.apply(
          Phase.FD, pty.slave(), Given.options("winsz=132:43"), RelayLog.ofProcess());
      int[] size = Termios.windowSize(pty.master().number());
      assertEquals(132, size[0]);
      assertEquals(43, size[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "csize=4",
        "tabdly=5",
        "crdly=-1",
        "setflags=4:1",
        "intr=300",
        "b9600=1",
        "ispeed=1200",
        "ospeed=16",
        "ospeed=4096",
        "ispeed=4112"
      })
  void refusesWhatIsOutOfRange(String option) {
    assertThrows(RuntimeException.class, () -> Given.options(option));
  }

  @Test
  void failsOnWhatTheTerminalCannot() {
    assertThrows(NativeError.class, () -> after("cs7"));
  }
}
