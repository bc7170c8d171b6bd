package dev.sluice.option;

import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.SocketCalls;
import java.util.Arrays;

/** What options do to sockets: setsockopt(2). */
public final class SocketEffects {
  private static final int LARGEST_OPTION = 256;

  private SocketEffects() {}

  /** setsockopt(2) with the value in the form that the option's type has. */
  public record SocketOption(int level, int name) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      set(fd, level, name, NativeValue.of(type, value));
    }
  }

  /** setsockopt(2) where the value holds level and name too. */
  public record AnySocketOption() implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      OptionType.Levelled<?> any = (OptionType.Levelled<?>) value;
      set(fd, any.level(), any.name(), NativeValue.of(type, any.value()));
    }
  }

  /**
   * setsockopt(2) that keeps what is set already: the value is added to what getsockopt(2) tells.
   */
  public record AppendedSocketOption(int level, int name) implements Effect.OnDescriptor {
    @Override
    public void apply(Fd fd, OptionType<?> type, Object value) {
      byte[] addition = (byte[]) value;
      byte[] present = SocketCalls.getsockopt(fd.number(), level, name, LARGEST_OPTION);
      byte[] all = Arrays.copyOf(present, present.length + addition.length);
      System.arraycopy(addition, 0, all, present.length, addition.length);
      set(fd, level, name, NativeValue.ofBytes(all));
    }
  }

  private static void set(Fd fd, int level, int name, NativeValue value) {
    LibC.check(
        SocketCalls.setsockopt(fd.number(), level, name, value.bytes()),
        "setsockopt("
            + fd
            + ", "
            + level
            + ", "
            + name
            + ", "
            + value.shown()
            + ", "
            + value.bytes().length
            + ")");
  }
}
