package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.TERMIOS;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.BYTE;
import static dev.sluice.option.OptionType.CONST;
import static dev.sluice.option.OptionType.INT_INT;
import static dev.sluice.option.OptionType.UNSIGNED_INT;

import dev.sluice.os.Termios;
import dev.sluice.os.Termios.Flags;
import dev.sluice.os.Termios.Word;
import dev.sluice.spec.OptionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The settings of terminals, see termios(3); all those of an address are written at once. */
public final class TermiosOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> CTTY =
      row("tiocsctty", BOOL, Phase.LATE2, TERMIOS)
          .aka("ctty")
          .help("makes the pty the controlling terminal of the program; needs setsid")
          .from("ioctl_tty(2)")
          .in(ROWS);

  private static final int CBAUD = 0010017;
  private static final int CBAUDEX = 0010000;
  private static final OptionType<OptionType.Numbered<Long>> BITS =
      new OptionType<>("INT:ULONG", TermiosOptions::bits);

  /** B0 to B38400, and B57600 to B4000000 with the bit CBAUDEX. */
  private static final OptionType<Integer> SPEED_CODE =
      new OptionType<>("UNSIGNED-INT", TermiosOptions::speedCode);

  static {
    row("raw", CONST, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalMode(Termios::raw))
        .help("passes bytes as they are; echo stays as it is")
        .from("termios(3)")
        .in(ROWS);
    row("termios-rawer", CONST, Phase.FD, TERMIOS)
        .aka("rawer")
        .does(new TerminalEffects.TerminalMode(Termios::rawer))
        .help("passes bytes as they are, without echo")
        .from("termios(3)")
        .in(ROWS);
    row("termios-cfmakeraw", CONST, Phase.FD, TERMIOS)
        .aka("cfmakeraw")
        .does(new TerminalEffects.TerminalMode(Termios::makeRaw))
        .help("what cfmakeraw(3) does")
        .from("cfmakeraw(3)")
        .in(ROWS);
    row("sane", CONST, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalMode(Termios::sane))
        .help("makes the terminal fit for typing lines")
        .from("stty(1)")
        .in(ROWS);
    row("termios-setflags", BITS, Phase.FD, TERMIOS)
        .aka("setflags")
        .does(new TerminalEffects.TerminalBits())
        .help("sets bits in word 0 (input), 1 (output), 2 (control) or 3 (local)")
        .from("termios(3)")
        .in(ROWS);
    row("tiocswinsz", INT_INT, Phase.FD, TERMIOS)
        .aka("winsz")
        .does(new TerminalEffects.WindowSize())
        .help("columns and rows of the terminal")
        .from("ioctl_tty(2)")
        .in(ROWS);
    row("ispeed", SPEED_CODE, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalSpeed(false))
        .help("speed of input, as the kernel's code for it")
        .from("cfsetispeed(3)")
        .in(ROWS);
    row("ospeed", SPEED_CODE, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalSpeed(true))
        .help("speed of output, as the kernel's code for it")
        .from("cfsetospeed(3)")
        .in(ROWS);
    // input
    flag("brkint", Word.INPUT, Flags.BRKINT, "a break interrupts");
    flag("icrnl", Word.INPUT, Flags.ICRNL, "CR comes in as NL");
    flag("ignbrk", Word.INPUT, Flags.IGNBRK, "breaks are ignored");
    flag("igncr", Word.INPUT, Flags.IGNCR, "CR that comes in is dropped");
    flag("ignpar", Word.INPUT, Flags.IGNPAR, "bytes with a wrong parity are dropped");
    flag("imaxbel", Word.INPUT, Flags.IMAXBEL, "a full input buffer rings the bell");
    flag("inlcr", Word.INPUT, Flags.INLCR, "NL comes in as CR");
    flag("inpck", Word.INPUT, Flags.INPCK, "parity of input is checked");
    flag("istrip", Word.INPUT, Flags.ISTRIP, "the eighth bit of input is cleared");
    flag("iuclc", Word.INPUT, Flags.IUCLC, "capitals come in as small letters");
    flag("ixany", Word.INPUT, Flags.IXANY, "any byte resumes output");
    flag(
        "ixoff",
        Word.INPUT,
        Flags.IXOFF,
        "XOFF and XON are sent when the input buffer fills and empties",
        "tandem");
    flag("ixon", Word.INPUT, Flags.IXON, "XOFF and XON that come in stop and resume output");
    flag("parmrk", Word.INPUT, Flags.PARMRK, "bytes with a wrong parity are marked");
    // output
    flag("ocrnl", Word.OUTPUT, Flags.OCRNL, "CR goes out as NL");
    flag("ofdel", Word.OUTPUT, Flags.OFDEL, "the filling byte is DEL");
    flag("ofill", Word.OUTPUT, Flags.OFILL, "delays are made by filling bytes");
    flag("olcuc", Word.OUTPUT, Flags.OLCUC, "small letters go out as capitals");
    flag("onlcr", Word.OUTPUT, Flags.ONLCR, "NL goes out as CR NL");
    flag("onlret", Word.OUTPUT, Flags.ONLRET, "NL returns the carriage");
    flag("onocr", Word.OUTPUT, Flags.ONOCR, "no CR goes out in the first column");
    flag("opost", Word.OUTPUT, Flags.OPOST, "output is processed");
    flag("bsdly", Word.OUTPUT, 0020000, "backspaces are delayed");
    flag("ffdly", Word.OUTPUT, 0100000, "form feeds are delayed");
    flag("nldly", Word.OUTPUT, 0000400, "newlines are delayed");
    flag("vtdly", Word.OUTPUT, 0040000, "vertical tabs are delayed");
    // line
    flag("clocal", Word.CONTROL, 0004000, "modem control lines are ignored");
    flag("cread", Word.CONTROL, 0000200, "the receiver is on");
    flag("crtscts", Word.CONTROL, 0x80000000, "flow control by RTS and CTS");
    flag("cstopb", Word.CONTROL, 0000100, "two stop bits");
    flag("hupcl", Word.CONTROL, 0002000, "the last close hangs up", "hup");
    flag("parenb", Word.CONTROL, 0000400, "a parity bit");
    flag("parodd", Word.CONTROL, 0001000, "the parity is odd");
    // local
    flag("echo", Word.LOCAL, Flags.ECHO, "input is echoed");
    flag(
        "echoctl",
        Word.LOCAL,
        Flags.ECHOCTL,
        "control characters are echoed with a circumflex",
        "ctlecho");
    flag(
        "echoe",
        Word.LOCAL,
        Flags.ECHOE,
        "the erase character removes the one before it from the screen",
        "crterase");
    flag("echok", Word.LOCAL, Flags.ECHOK, "the kill character starts a new line");
    flag(
        "echoke",
        Word.LOCAL,
        Flags.ECHOKE,
        "the kill character removes the line from the screen",
        "crtkill");
    flag("echonl", Word.LOCAL, Flags.ECHONL, "NL is echoed whatever echo says");
    flag("echoprt", Word.LOCAL, Flags.ECHOPRT, "erased characters are printed", "prterase");
    flag("flusho", Word.LOCAL, Flags.FLUSHO, "output is discarded");
    flag("icanon", Word.LOCAL, Flags.ICANON, "input comes in lines that can be edited");
    flag("iexten", Word.LOCAL, Flags.IEXTEN, "further editing characters");
    flag("isig", Word.LOCAL, Flags.ISIG, "characters that send signals");
    flag("noflsh", Word.LOCAL, Flags.NOFLSH, "signals do not empty the buffers");
    flag("pendin", Word.LOCAL, Flags.PENDIN, "input is typed again at the next character");
    flag("tostop", Word.LOCAL, Flags.TOSTOP, "output from the background stops the program");
    flag("xcase", Word.LOCAL, Flags.XCASE, "capitals are typed with a backslash");
    // values
    field("csize", Word.CONTROL, 0000060, "bits of a byte, 0 for five to 3 for eight");
    field("crdly", Word.OUTPUT, 0003000, "delay after CR, 0 to 3");
    field("tabdly", Word.OUTPUT, 0014000, "delay after tabs, 0 to 3; 3 turns them into blanks");
    pattern("cs5", Word.CONTROL, 0000060, 0, "bytes of five bits");
    pattern("cs6", Word.CONTROL, 0000060, 020, "bytes of six bits");
    pattern("cs7", Word.CONTROL, 0000060, 040, "bytes of seven bits");
    pattern("cs8", Word.CONTROL, 0000060, 060, "bytes of eight bits");
    pattern("nl0", Word.OUTPUT, 0000400, 0, "delay 0 after newlines");
    pattern("nl1", Word.OUTPUT, 0000400, 0000400, "delay 1 after newlines");
    pattern("cr0", Word.OUTPUT, 0003000, 0, "delay 0 after CR");
    pattern("cr1", Word.OUTPUT, 0003000, 0001000, "delay 1 after CR");
    pattern("cr2", Word.OUTPUT, 0003000, 0002000, "delay 2 after CR");
    pattern("cr3", Word.OUTPUT, 0003000, 0003000, "delay 3 after CR");
    pattern("tab0", Word.OUTPUT, 0014000, 0, "delay 0 after tabs");
    pattern("tab1", Word.OUTPUT, 0014000, 0004000, "delay 1 after tabs");
    pattern("tab2", Word.OUTPUT, 0014000, 0010000, "delay 2 after tabs");
    pattern("tab3", Word.OUTPUT, 0014000, 0014000, "delay 3 after tabs");
    pattern("bs0", Word.OUTPUT, 0020000, 0, "delay 0 after backspaces");
    pattern("bs1", Word.OUTPUT, 0020000, 0020000, "delay 1 after backspaces");
    pattern("vt0", Word.OUTPUT, 0040000, 0, "delay 0 after vertical tabs");
    pattern("vt1", Word.OUTPUT, 0040000, 0040000, "delay 1 after vertical tabs");
    pattern("ff0", Word.OUTPUT, 0100000, 0, "delay 0 after form feeds");
    pattern("ff1", Word.OUTPUT, 0100000, 0100000, "delay 1 after form feeds");
    pattern("xtabs", Word.OUTPUT, 0014000, 0014000, "tabs go out as blanks");
    // speeds
    speed(0, 0);
    speed(50, 1);
    speed(75, 2);
    speed(110, 3);
    speed(134, 4);
    speed(150, 5);
    speed(200, 6);
    speed(300, 7);
    speed(600, 8);
    speed(1200, 9);
    speed(1800, 10);
    speed(2400, 11);
    speed(4800, 12);
    speed(9600, 13);
    speed(19200, 14);
    speed(38400, 15);
    speed(57600, 010001);
    speed(115200, 010002);
    speed(230400, 010003);
    speed(460800, 010004);
    speed(500000, 010005);
    speed(576000, 010006);
    speed(921600, 010007);
    speed(1000000, 010010);
    speed(1152000, 010011);
    speed(1500000, 010012);
    speed(2000000, 010013);
    speed(2500000, 010014);
    speed(3000000, 010015);
    speed(3500000, 010016);
    speed(4000000, 010017);
    // characters
    character("vintr", 0, "interrupts the program", "intr");
    character("vquit", 1, "ends the program with a core dump", "quit");
    character("verase", 2, "erases the character before it", "erase");
    character("vkill", 3, "erases the line", "kill");
    character("veof", 4, "ends the input", "eof");
    character("vtime", 5, "tenths of a second that a read waits", "time");
    character("vmin", 6, "bytes that a read waits for", "min");
    character("vswtc", 7, "switches between shell layers", "swtc", "swtch");
    character("vstart", 8, "resumes output", "start");
    character("vstop", 9, "stops output", "stop");
    character("vsusp", 10, "stops the program", "susp");
    character("veol", 11, "ends a line too", "eol");
    character("vreprint", 12, "types the line again", "reprint", "rprnt");
    character("vdiscard", 13, "discards output", "discard");
    character("vwerase", 14, "erases a word", "werase");
    character("vlnext", 15, "takes the next character as it is", "lnext");
    character("veol2", 16, "ends a line too", "eol2");
  }

  private TermiosOptions() {}

  private static void flag(String name, Word word, int mask, String help, String... aliases) {
    row(name, BOOL, Phase.FD, TERMIOS)
        .aka(aliases)
        .does(new TerminalEffects.TerminalFlag(word, mask))
        .help(help)
        .from("termios(3)")
        .in(ROWS);
  }

  private static void pattern(String name, Word word, int mask, int bits, String help) {
    row(name, CONST, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalPattern(word, mask, bits))
        .help(help)
        .from("termios(3)")
        .in(ROWS);
  }

  private static void speed(int rate, int code) {
    String help = rate == 0 ? "hangs up" : rate + " bits a second";
    pattern("b" + rate, Word.CONTROL, CBAUD, code, help);
  }

  private static void field(String name, Word word, int mask, String help) {
    int limit = mask >>> Integer.numberOfTrailingZeros(mask);
    OptionType<Integer> upToLimit =
        new OptionType<>("UNSIGNED-INT", (option, spec) -> upTo(limit, option, spec));
    row(name, upToLimit, Phase.FD, TERMIOS)
        .does(new TerminalEffects.TerminalField(word, mask))
        .help(help)
        .from("termios(3)")
        .in(ROWS);
  }

  private static void character(String name, int index, String help, String... aliases) {
    row(name, BYTE, Phase.FD, TERMIOS)
        .aka(aliases)
        .does(new TerminalEffects.TerminalCharacter(index))
        .help(help)
        .from("termios(3)")
        .in(ROWS);
  }

  private static int upTo(int limit, Option<?> option, OptionSpec spec) {
    int value = Objects.requireNonNull(UNSIGNED_INT.read(option, spec));
    if (value < 0 || value > limit) {
      throw invalid(option, Integer.toUnsignedString(value));
    }
    return value;
  }

  private static int speedCode(Option<?> option, OptionSpec spec) {
    int code = Objects.requireNonNull(UNSIGNED_INT.read(option, spec));
    int number = code & CBAUD & ~CBAUDEX;
    if ((code & ~CBAUD) != 0 || ((code & CBAUDEX) != 0 && number == 0)) {
      throw invalid(
          option,
          Integer.toUnsignedString(code)
              + " (codes are 0 to 15 for speeds up to 38400, and 4097 for 57600 to 4111 for 4000000)");
    }
    return code;
  }

  private static OptionType.@Nullable Numbered<Long> bits(Option<?> option, OptionSpec spec) {
    OptionType.Numbered<Long> value = OptionType.INT_ULONG.read(option, spec);
    if (value != null && (value.number() < 0 || value.number() >= Word.values().length)) {
      throw invalid(option, Integer.toString(value.number()));
    }
    return value;
  }

  private static OptionType.BadValue invalid(Option<?> option, String value) {
    return new OptionType.BadValue("option " + option + ": invalid value " + value);
  }
}
