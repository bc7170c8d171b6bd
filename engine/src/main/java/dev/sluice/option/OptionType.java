package dev.sluice.option;

import dev.sluice.spec.DataSyntax;
import dev.sluice.spec.OptionSpec;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The type of an option's value: its name in help texts, and how it is read from the command line.
 *
 * <p>Numbers follow C: decimal, {@code 0x} hexadecimal, leading-zero octal, optional sign, cut to
 * the size of the type. Times are seconds with an optional fraction.
 *
 * @param <T> the Java type of the value
 */
public final class OptionType<T> {
  /** No value may be given; being there is all. */
  public static final OptionType<Boolean> CONST = new OptionType<>("CONST", OptionType::constant);

  public static final OptionType<Boolean> BOOL =
      new OptionType<>("BOOL", (o, s) -> s.value() == null || integer(s) != 0);
  public static final OptionType<Integer> BYTE = new OptionType<>("BYTE", (o, s) -> byteValue(s));
  public static final OptionType<Integer> INT = number("INT");

  /** A number; an empty value means "leave it alone" and is read as null. */
  public static final OptionType<@Nullable Integer> INT_OR_NULL =
      new OptionType<>(
          "INT/NULL", (o, s) -> "".equals(s.value()) ? null : Integer.valueOf((int) numberOr1(s)));

  public static final OptionType<Integer> UNSIGNED_INT = number("UNSIGNED-INT");
  public static final OptionType<Integer> UNSIGNED_SHORT =
      new OptionType<>("UNSIGNED-SHORT", (o, s) -> (int) (numberOr1(s) & 0xffff));
  public static final OptionType<Long> LONG = new OptionType<>("LONG", (o, s) -> numberOr1(s));
  public static final OptionType<Long> SIZE_T = new OptionType<>("SIZE_T", (o, s) -> numberOr1(s));
  public static final OptionType<Long> OFF_T =
      new OptionType<>("OFF_T", (o, s) -> (long) (int) numberOr1(s));
  public static final OptionType<Long> OFF64_T =
      new OptionType<>("OFF64_T", (o, s) -> numberOr1(s));

  /** Permission bits, always octal. */
  public static final OptionType<Integer> MODE_T =
      new OptionType<>("MODE_T", (o, s) -> (int) radixNumber(s, 8));

  /** A user by number or name, as typed: {@link dev.sluice.os.Accounts} looks names up. */
  public static final OptionType<String> UID_T = new OptionType<>("UID_T", (o, s) -> required(s));

  /** A group by number or name, as typed: {@link dev.sluice.os.Accounts} looks names up. */
  public static final OptionType<String> GID_T = new OptionType<>("GID_T", (o, s) -> required(s));

  public static final OptionType<String> STRING = new OptionType<>("STRING", (o, s) -> required(s));

  /** Any text; no value is read as null. */
  public static final OptionType<@Nullable String> STRING_OR_NULL =
      new OptionType<>("STRING-NULL", (o, s) -> s.value());

  public static final OptionType<Duration> TIMEVAL =
      new OptionType<>("STRUCT-TIMEVAL", (o, s) -> seconds(s));
  public static final OptionType<Duration> TIMESPEC =
      new OptionType<>("STRUCT-TIMESPEC", (o, s) -> seconds(s));

  /** Linger time in whole seconds; enables lingering. */
  public static final OptionType<Integer> LINGER =
      new OptionType<>(
          "STRUCT-LINGER",
          (o, s) -> {
            required(s);
            return integer(s);
          });

  /** Bytes in the data syntax. */
  public static final OptionType<byte[]> BIN = new OptionType<>("BIN", (o, s) -> data(required(s)));

  public static final OptionType<Numbered<Integer>> INT_INT = pair("INT:INT", OptionType::cInt);
  public static final OptionType<Numbered<Integer>> INT_INTP = pair("INT:INTP", OptionType::cInt);
  public static final OptionType<Numbered<Long>> INT_ULONG =
      pair("INT:ULONG", (n, t) -> cNumber(t, n + "=" + t, 0));
  public static final OptionType<Numbered<byte[]>> INT_BIN = pair("INT:BIN", (n, t) -> data(t));
  public static final OptionType<Numbered<String>> INT_STRING = pair("INT:STRING", (n, t) -> t);
  public static final OptionType<Levelled<Integer>> INT_INT_INT =
      triple("INT:INT:INT", OptionType::cInt);
  public static final OptionType<Levelled<byte[]>> INT_INT_BIN =
      triple("INT:INT:BIN", (n, t) -> data(t));
  public static final OptionType<Levelled<String>> INT_INT_STRING =
      triple("INT:INT:STRING", (n, t) -> t);

  /**
   * A number and what belongs to it, such as an ioctl request and its argument.
   *
   * @param number first field
   * @param value second field
   */
  public record Numbered<V>(int number, V value) {}

  /**
   * Level, name and value of a socket option.
   *
   * @param level first field
   * @param name second field
   * @param value third field
   */
  public record Levelled<V>(int level, int name, V value) {}

  /** A value that does not fit its type; the message is what the user reads. */
  public static final class BadValue extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadValue(String message) {
      super(message, null, false, false);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }

  /** Reads a value; the option gives names for messages. */
  public interface Reader<T> {
    @Nullable T read(Option<?> option, OptionSpec spec);
  }

  private final String label;
  private final Reader<T> reader;

  /** A type of its own, for values such as multicast groups that one option family alone has. */
  public OptionType(String label, Reader<T> reader) {
    this.label = label;
    this.reader = reader;
  }

  /** The name in help texts. */
  public String label() {
    return label;
  }

  /** Reads the value, null for "none given" where the type has that; throws {@link BadValue}. */
  public @Nullable T read(Option<?> option, OptionSpec spec) {
    return reader.read(option, spec);
  }

  private static Boolean constant(Option<?> option, OptionSpec spec) {
    if (spec.value() != null) {
      throw new BadValue("no value permitted for option \"" + option.name() + "\"");
    }
    return true;
  }

  private static Integer byteValue(OptionSpec spec) {
    long value = numberOr1(spec);
    if (value < 0 || value > 255) {
      throw new BadValue(
          "parseopts(): option \""
              + spec.text()
              + "\": byte value exceeds limit ("
              + value
              + " vs. 255), using max");
    }
    return (int) value;
  }

  private static OptionType<Integer> number(String label) {
    return new OptionType<>(label, (o, s) -> (int) numberOr1(s));
  }

  private interface Field<V> {
    V read(String optionText, String text);
  }

  private static <V> OptionType<Numbered<V>> pair(String label, Field<V> field) {
    return new OptionType<>(
        label,
        (o, s) -> {
          String[] parts = fields(s, 2);
          return new Numbered<>(cInt(s.name(), parts[0]), field.read(s.name(), parts[1]));
        });
  }

  private static <V> OptionType<Levelled<V>> triple(String label, Field<V> field) {
    return new OptionType<>(
        label,
        (o, s) -> {
          String[] parts = fields(s, 3);
          return new Levelled<>(
              cInt(s.name(), parts[0]), cInt(s.name(), parts[1]), field.read(s.name(), parts[2]));
        });
  }

  private static String[] fields(OptionSpec spec, int count) {
    if (spec.value() == null) {
      throw new BadValue("option \"" + spec.name() + "\": values required");
    }
    String[] parts = spec.value().split(":", count);
    if (parts.length < count) {
      throw new BadValue(
          "parseopts(): option \"" + spec.name() + "\": " + count + " arguments required");
    }
    return parts;
  }

  /** The value; an error when there is none. */
  public static String required(OptionSpec spec) {
    if (spec.value() == null) {
      throw new BadValue("option \"" + spec.rest() + "\": value required");
    }
    return spec.value();
  }

  private static byte[] data(String text) {
    try {
      return DataSyntax.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadValue("parseopts_table(): problem with \"" + text + "\" data");
    }
  }

  private static long numberOr1(OptionSpec spec) {
    return spec.value() == null ? 1 : radixNumber(spec, 0);
  }

  private static int integer(OptionSpec spec) {
    return (int) radixNumber(spec, 0);
  }

  private static long radixNumber(OptionSpec spec, int radix) {
    return cNumber(required(spec), spec.text(), radix);
  }

  private static int cInt(String option, String text) {
    return (int) cNumber(text, option + "=" + text, 0);
  }

  private static long cNumber(String text, String shown, int radix) {
    CNumber number = CNumber.parse(text, radix);
    if (number.length() == 0) {
      throw new BadValue("parseopts(): missing numerical value of option \"" + shown + "\"");
    }
    if (number.length() < text.length()) {
      throw new BadValue(
          "parseopts(): trailing garbage in numerical arg of option \"" + shown + "\"");
    }
    return number.value();
  }

  private static Duration seconds(OptionSpec spec) {
    String text = required(spec);
    Seconds seconds = Seconds.parse(text);
    if (seconds.length() == 0 || seconds.length() < text.length()) {
      throw new BadValue("parseopts(): missing numerical value of option \"" + spec.text() + "\"");
    }
    return seconds.time();
  }
}
