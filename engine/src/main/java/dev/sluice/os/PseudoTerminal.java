package dev.sluice.os;

/**
 * A pair of a master, which we read and write, and a slave, which is a terminal to whoever opens
 * it. See pty(7).
 *
 * @param master our side
 * @param slave the terminal, open without becoming our controlling one
 * @param name the terminal's path
 * @param directory where it is, to be found from under any root
 */
public record PseudoTerminal(Fd master, Fd slave, String name, Fd directory)
    implements AutoCloseable {
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCGPTN = 0x80045430L;

  /** Makes one; throws {@link NativeError} when there are too many. */
  public static PseudoTerminal open() {
    Fd master = FileCalls.open("/dev/ptmx", OpenFlags.RDWR | OpenFlags.NOCTTY, 0);
    try {
      NativeBuffer number = NativeBuffer.allocate(Integer.BYTES);
      request(master, TIOCSPTLCK, "TIOCSPTLCK", number);
      request(master, TIOCGPTN, "TIOCGPTN", number);
      String name = "/dev/pts/" + number.getInt(0);
      Fd slave = FileCalls.open(name, OpenFlags.RDWR | OpenFlags.NOCTTY, 0);
      try {
        Fd directory = FileCalls.open("/dev/pts", OpenFlags.PATH | OpenFlags.DIRECTORY, 0);
        return new PseudoTerminal(master, slave, name, directory);
      } catch (NativeError e) {
        slave.close();
        throw e;
      }
    } catch (NativeError e) {
      master.close();
      throw e;
    }
  }

  private static void request(Fd master, long request, String name, NativeBuffer argument) {
    LibC.check(
        LibC.ioctl(master.number(), request, argument), "ioctl(" + master + ", " + name + ")");
  }

  /**
   * Whether somebody has the terminal open, or had and left something to read, other than through
   * {@link #slave}, which must be closed by then.
   */
  public boolean isInUse() {
    NativeBuffer entry = NativeBuffer.allocate(8);
    entry.putInt(0, master.number()).putShort(4, ReadinessCalls.POLLIN);
    ReadinessCalls.poll(entry, 1, 0);
    int events = entry.bytes().getShort(6);
    return (events & ReadinessCalls.POLLHUP) == 0 || (events & ReadinessCalls.POLLIN) != 0;
  }

  /** Leaves it with what whoever opens the terminal holds, and the master. */
  public void closeSlave() {
    slave.close();
    directory.close();
  }

  @Override
  public void close() {
    closeSlave();
    master.close();
  }
}
