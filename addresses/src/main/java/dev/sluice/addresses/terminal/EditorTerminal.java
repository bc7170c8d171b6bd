package dev.sluice.addresses.terminal;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.Termios;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.Pattern;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.impl.AbstractPty;

/** A terminal as JLine sees it, over a descriptor: no helper program, no library of its own. */
final class EditorTerminal extends AbstractPty {
  private static final Map<LocalFlag, Integer> LOCAL =
      Map.of(
          LocalFlag.ICANON, Termios.Flags.ICANON,
          LocalFlag.ECHO, Termios.Flags.ECHO,
          LocalFlag.ISIG, Termios.Flags.ISIG,
          LocalFlag.IEXTEN, Termios.Flags.IEXTEN);
  private static final Map<InputFlag, Integer> INPUT =
      Map.of(
          InputFlag.IXON, Termios.Flags.IXON,
          InputFlag.ICRNL, Termios.Flags.ICRNL,
          InputFlag.INLCR, Termios.Flags.INLCR,
          InputFlag.IGNCR, Termios.Flags.IGNCR);
  private static final Map<ControlChar, Integer> CHARACTERS =
      Map.of(
          ControlChar.VINTR, 0,
          ControlChar.VQUIT, 1,
          ControlChar.VERASE, 2,
          ControlChar.VKILL, 3,
          ControlChar.VEOF, 4,
          ControlChar.VTIME, 5,
          ControlChar.VMIN, 6,
          ControlChar.VSUSP, 10,
          ControlChar.VWERASE, 14,
          ControlChar.VLNEXT, 15);

  /**
   * What JLine switches on and off around each line (keypad, mouse, pasting). Nobody here uses it,
   * and a script that reads the terminal would find it in the data.
   */
  private static final Pattern MODES = Pattern.compile("\u001b(?:\\[\\?[0-9;]*[hl]|[=>])");

  private final Fd fd;

  EditorTerminal(Fd fd) {
    super(null, null);
    this.fd = fd;
  }

  @Override
  public Attributes getAttr() throws IOException {
    Termios settings = settings();
    Attributes attributes = new Attributes();
    EnumSet<LocalFlag> local = EnumSet.noneOf(LocalFlag.class);
    LOCAL.forEach(
        (flag, mask) -> {
          if ((settings.get(Termios.Word.LOCAL) & mask) != 0) {
            local.add(flag);
          }
        });
    attributes.setLocalFlags(local);
    EnumSet<InputFlag> input = EnumSet.noneOf(InputFlag.class);
    INPUT.forEach(
        (flag, mask) -> {
          if ((settings.get(Termios.Word.INPUT) & mask) != 0) {
            input.add(flag);
          }
        });
    attributes.setInputFlags(input);
    CHARACTERS.forEach((name, index) -> attributes.setControlChar(name, settings.character(index)));
    return attributes;
  }

  @Override
  protected void doSetAttr(Attributes attributes) throws IOException {
    Termios settings = settings();
    LOCAL.forEach(
        (flag, mask) ->
            settings.replace(Termios.Word.LOCAL, mask, attributes.getLocalFlag(flag) ? mask : 0));
    INPUT.forEach(
        (flag, mask) ->
            settings.replace(Termios.Word.INPUT, mask, attributes.getInputFlag(flag) ? mask : 0));
    CHARACTERS.forEach(
        (name, index) -> {
          int value = attributes.getControlChar(name);
          if (value >= 0) {
            settings.character(index, value);
          }
        });
    try {
      settings.applyTo(fd.number());
    } catch (NativeError e) {
      throw new IOException(e);
    }
  }

  private Termios settings() throws IOException {
    try {
      return Termios.of(fd.number());
    } catch (NativeError e) {
      throw new IOException(e);
    }
  }

  @Override
  protected InputStream doGetSlaveInput() {
    return new InputStream() {
      private final NativeBuffer one = NativeBuffer.allocate(1);

      @Override
      public int read() throws IOException {
        int n = LibC.read(fd.number(), one, 0, 1);
        if (n < 0) {
          throw new IOException(new NativeError("read(" + fd + ")", -n));
        }
        return n == 0 ? -1 : one.bytes().get(0) & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int length) throws IOException {
        int c = length == 0 ? 0 : read();
        if (length == 0 || c < 0) {
          return length == 0 ? 0 : -1;
        }
        bytes[from] = (byte) c;
        return 1;
      }
    };
  }

  @Override
  public OutputStream getSlaveOutput() {
    return new OutputStream() {
      @Override
      public void write(int c) throws IOException {
        write(new byte[] {(byte) c}, 0, 1);
      }

      @Override
      public void write(byte[] given, int from, int count) throws IOException {
        String text = new String(given, from, count, StandardCharsets.ISO_8859_1);
        byte[] bytes = MODES.matcher(text).replaceAll("").getBytes(StandardCharsets.ISO_8859_1);
        int length = bytes.length;
        NativeBuffer buffer = NativeBuffer.allocate(Math.max(length, 1));
        buffer.bytes().put(0, bytes);
        for (int done = 0; done < length; ) {
          int n = LibC.write(fd.number(), buffer, done, length - done);
          if (n < 0) {
            throw new IOException(new NativeError("write(" + fd + ")", -n));
          }
          done += n;
        }
      }
    };
  }

  @Override
  public Size getSize() {
    int[] size = Termios.windowSize(fd.number());
    return Size.of(size[0] > 0 ? size[0] : 80, size[1] > 0 ? size[1] : 24);
  }

  @Override
  public void setSize(Sized size) {
    throw new UnsupportedOperationException("the window is the user's");
  }

  @Override
  public InputStream getMasterInput() {
    throw new UnsupportedOperationException("the master is not ours");
  }

  @Override
  public OutputStream getMasterOutput() {
    throw new UnsupportedOperationException("the master is not ours");
  }

  @Override
  public void close() {}
}
