package dev.sluice.os;

/**
 * The settings of a terminal, as termios(3) has them: read from one, changed in memory, written
 * back in one go. Not thread-safe.
 */
public final class Termios {
  /** The four words of flags, in the order of the structure. */
  public enum Word {
    INPUT,
    OUTPUT,
    CONTROL,
    LOCAL
  }

  /** Number of control characters. */
  public static final int CHARACTERS = 32;

  private static final int SIZE = 64;
  private static final int CHARACTERS_AT = 17;
  private static final int USED = 60;
  private static final int TCSADRAIN = 1;
  private static final int VTIME = 5;
  private static final int VMIN = 6;
  private static final int CREAD = 0000200;
  private static final int CS8 = 0000060;

  private final NativeBuffer settings;

  private Termios(NativeBuffer settings) {
    this.settings = settings;
  }

  /** The settings of an open terminal; throws {@link NativeError} when it is none. */
  public static Termios of(int fd) {
    Termios termios = new Termios(NativeBuffer.allocate(SIZE));
    LibC.check(
        NativeCalls.call("tcgetattr", fd, termios.settings),
        "tcgetattr(" + fd + ", " + termios.pointer() + ")");
    return termios;
  }

  /** A copy that goes its own way. */
  public Termios copy() {
    return new Termios(NativeBuffer.of(settings.toArray(0, SIZE)));
  }

  /** Writes the settings to a terminal, once what was written to it is out. */
  public void applyTo(int fd) {
    int result;
    do {
      result = NativeCalls.call("tcsetattr", fd, TCSADRAIN, settings);
    } while (result == -Errno.EINTR);
    LibC.check(result, "tcsetattr(" + fd + ", TCSADRAIN, " + pointer() + ")");
  }

  private String pointer() {
    return "0x" + Long.toHexString(settings.address());
  }

  public int get(Word word) {
    return settings.getInt(word.ordinal() * Integer.BYTES);
  }

  private void put(Word word, int bits) {
    settings.putInt(word.ordinal() * Integer.BYTES, bits);
  }

  /** Replaces the bits of {@code mask} by those of {@code bits}. */
  public Termios replace(Word word, int mask, int bits) {
    put(word, (get(word) & ~mask) | (bits & mask));
    return this;
  }

  public int character(int index) {
    return settings.bytes().get(CHARACTERS_AT + index) & 0xff;
  }

  public Termios character(int index, int value) {
    settings.bytes().put(CHARACTERS_AT + index, (byte) value);
    return this;
  }

  /** The kernel's code for the speed of input; see cfgetispeed(3). */
  public int inputSpeed() {
    return NativeCalls.posix("cfgetispeed", settings);
  }

  /** The kernel's code for the speed of output; see cfgetospeed(3). */
  public int outputSpeed() {
    return NativeCalls.posix("cfgetospeed", settings);
  }

  /** Sets the speed of input by the kernel's code for it; see cfsetispeed(3). */
  public Termios inputSpeed(int code) {
    return speed("cfsetispeed", code);
  }

  /** Sets the speed of output by the kernel's code for it; see cfsetospeed(3). */
  public Termios outputSpeed(int code) {
    return speed("cfsetospeed", code);
  }

  private Termios speed(String call, int code) {
    LibC.check(
        NativeCalls.call(call, settings, code & 0xffffffffL),
        call + "(" + pointer() + ", " + Integer.toUnsignedString(code) + ")");
    return this;
  }

  /**
   * Bytes pass as they are, and one at a time: no conversion, no signals, no lines; echo stays as
   * it is.
   */
  public Termios raw() {
    put(
        Word.INPUT,
        get(Word.INPUT)
            & ~(Flags.IGNBRK
                | Flags.BRKINT
                | Flags.IGNPAR
                | Flags.PARMRK
                | Flags.INPCK
                | Flags.ISTRIP
                | Flags.INLCR
                | Flags.IGNCR
                | Flags.ICRNL
                | Flags.IXON
                | Flags.IXOFF
                | Flags.IUCLC
                | Flags.IXANY
                | Flags.IMAXBEL));
    put(Word.OUTPUT, get(Word.OUTPUT) & ~Flags.OPOST);
    put(Word.LOCAL, get(Word.LOCAL) & ~(Flags.ISIG | Flags.ICANON | Flags.XCASE));
    return character(VMIN, 1).character(VTIME, 0);
  }

  /** As {@link #raw()}, with nothing left on but the receiver and eight bits: no echo either. */
  public Termios rawer() {
    put(Word.INPUT, 0);
    put(Word.OUTPUT, 0);
    put(Word.LOCAL, 0);
    put(Word.CONTROL, CREAD | CS8);
    return character(VMIN, 1).character(VTIME, 0);
  }

  /** Where struct winsize has columns, rows, and the pixels of both. */
  private static final int[] FIELDS_OF_WINDOW = {1, 0, 2, 3};

  /**
   * Columns and rows of a terminal, and the pixels of both, see ioctl_tty(2), TIOCGWINSZ; 0 where
   * it does not know.
   */
  public static int[] windowSize(int fd) {
    NativeBuffer size = NativeBuffer.allocate(8);
    LibC.check(LibC.ioctl(fd, 0x5413, size), "ioctl(" + fd + ", TIOCGWINSZ)");
    int[] numbers = new int[4];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = size.bytes().getShort(FIELDS_OF_WINDOW[i] * Short.BYTES) & 0xffff;
    }
    return numbers;
  }

  /** What cfmakeraw(3) does. */
  public Termios makeRaw() {
    NativeCalls.posix("cfmakeraw", settings);
    return this;
  }

  /** Fit for typing lines, whatever a program left behind; as {@code stty sane}. */
  public Termios sane() {
    replace(Word.CONTROL, CREAD, CREAD);
    int on = Flags.BRKINT | Flags.ICRNL | Flags.IMAXBEL;
    int off = Flags.IGNBRK | Flags.INLCR | Flags.IGNCR | Flags.IXOFF | Flags.IUCLC | Flags.IXANY;
    replace(Word.INPUT, on | off, on);
    on = Flags.OPOST | Flags.ONLCR;
    off =
        Flags.OLCUC
            | Flags.OCRNL
            | Flags.ONOCR
            | Flags.ONLRET
            | Flags.OFILL
            | Flags.OFDEL
            | Flags.DELAYS;
    replace(Word.OUTPUT, on | off, on);
    on =
        Flags.ISIG
            | Flags.ICANON
            | Flags.IEXTEN
            | Flags.ECHO
            | Flags.ECHOE
            | Flags.ECHOK
            | Flags.ECHOCTL
            | Flags.ECHOKE;
    off = Flags.ECHONL | Flags.NOFLSH | Flags.XCASE | Flags.TOSTOP | Flags.ECHOPRT;
    return replace(Word.LOCAL, on | off, on);
  }

  /** Flags by the names of termios(3). */
  public static final class Flags {
    public static final int IGNBRK = 0000001;
    public static final int BRKINT = 0000002;
    public static final int IGNPAR = 0000004;
    public static final int PARMRK = 0000010;
    public static final int INPCK = 0000020;
    public static final int ISTRIP = 0000040;
    public static final int INLCR = 0000100;
    public static final int IGNCR = 0000200;
    public static final int ICRNL = 0000400;
    public static final int IUCLC = 0001000;
    public static final int IXON = 0002000;
    public static final int IXANY = 0004000;
    public static final int IXOFF = 0010000;
    public static final int IMAXBEL = 0020000;

    public static final int OPOST = 0000001;
    public static final int OLCUC = 0000002;
    public static final int ONLCR = 0000004;
    public static final int OCRNL = 0000010;
    public static final int ONOCR = 0000020;
    public static final int ONLRET = 0000040;
    public static final int OFILL = 0000100;
    public static final int OFDEL = 0000200;

    /** NLDLY, CRDLY, TABDLY, BSDLY, VTDLY and FFDLY. */
    public static final int DELAYS = 0177400;

    public static final int ISIG = 0000001;
    public static final int ICANON = 0000002;
    public static final int XCASE = 0000004;
    public static final int ECHO = 0000010;
    public static final int ECHOE = 0000020;
    public static final int ECHOK = 0000040;
    public static final int ECHONL = 0000100;
    public static final int NOFLSH = 0000200;
    public static final int TOSTOP = 0000400;
    public static final int ECHOCTL = 0001000;
    public static final int ECHOPRT = 0002000;
    public static final int ECHOKE = 0004000;
    public static final int FLUSHO = 0010000;
    public static final int PENDIN = 0040000;
    public static final int IEXTEN = 0100000;

    private Flags() {}
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Termios termios
        && java.util.Arrays.equals(settings.toArray(0, USED), termios.settings.toArray(0, USED));
  }

  @Override
  public int hashCode() {
    return java.util.Arrays.hashCode(settings.toArray(0, USED));
  }

  /** The four words, and the control characters that are set. */
  @Override
  public String toString() {
    return String.format(
        "IFLAGS=0x%06x OFLAGS=0x%06x CFLAGS=0x%06x LFLAGS=0x%06x",
        get(Word.INPUT), get(Word.OUTPUT), get(Word.CONTROL), get(Word.LOCAL));
  }
}
