package dev.sluice.option;

import dev.sluice.os.NativeBuffer;
import java.time.Duration;
import java.util.Arrays;

/** A value as the kernel takes it through a pointer, in host order, and as messages show it. */
final class NativeValue {
  private final byte[] bytes;
  private final String shown;

  private NativeValue(byte[] bytes, String shown) {
    this.bytes = bytes;
    this.shown = shown;
  }

  /** The form that values of that type have. */
  static NativeValue of(OptionType<?> type, Object value) {
    if (value instanceof Boolean on) {
      return new NativeValue(new byte[] {(byte) (on ? 1 : 0)}, on ? "{1}" : "{0}");
    } else if (value instanceof Integer number) {
      return ofNumber(type, number);
    } else if (value instanceof Duration time) {
      long micros = time.toNanosPart() / 1000;
      NativeBuffer timeval =
          NativeBuffer.allocate(16).putLong(0, time.toSeconds()).putLong(8, micros);
      return new NativeValue(timeval.toArray(0, 16), "{" + time.toSeconds() + "," + micros + "}");
    } else if (value instanceof String text) {
      byte[] name = NativeBuffer.bytesForC(text);
      return new NativeValue(Arrays.copyOf(name, name.length + 1), "\"" + text + "\"");
    } else if (value instanceof MulticastGroup group) {
      byte[] structure = group.encode();
      return new NativeValue(structure, group.shown(structure));
    }
    return ofBytes((byte[]) value);
  }

  /** A structure that is not shown. */
  static NativeValue ofBytes(byte[] structure) {
    return new NativeValue(structure, "{...}");
  }

  private static NativeValue ofNumber(OptionType<?> type, int number) {
    if (type == OptionType.BYTE) {
      return new NativeValue(new byte[] {(byte) number}, "{" + number + "}");
    } else if (type == OptionType.LINGER) {
      NativeBuffer linger = NativeBuffer.allocate(8).putInt(0, 1).putInt(4, number);
      return new NativeValue(linger.toArray(0, 8), "{1," + number + "}");
    }
    return new NativeValue(
        NativeBuffer.allocate(4).putInt(0, number).toArray(0, 4), "{" + number + "}");
  }

  byte[] bytes() {
    return bytes;
  }

  String shown() {
    return shown;
  }
}
