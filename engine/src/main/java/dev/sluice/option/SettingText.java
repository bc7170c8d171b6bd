package dev.sluice.option;

import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The value of an option as log lines show it. */
final class SettingText {
  private SettingText() {}

  static String of(OptionValue<?> given) {
    OptionType<?> type = given.option().type();
    Object value = given.value();
    if (type == OptionType.LINGER) {
      return "{1," + value + "}";
    } else if ((type == OptionType.UID_T || type == OptionType.GID_T)
        && value instanceof String name) {
      return name;
    } else if (value instanceof OptionType.Numbered<?> pair) {
      return pair.number() + ":" + text(pair.value());
    } else if (value instanceof OptionType.Levelled<?> triple) {
      return triple.level() + ":" + triple.name() + ":" + text(triple.value());
    }
    return text(value);
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "NULL";
    } else if (value instanceof Boolean on) {
      return on ? "1" : "0";
    } else if (value instanceof Long number) {
      return Long.toUnsignedString(number);
    } else if (value instanceof Duration time) {
      return time.toSeconds() + String.format(".%06d", time.toNanosPart() / 1000);
    } else if (value instanceof String text) {
      return "\"" + text + "\"";
    } else if (value instanceof byte[]) {
      return "...";
    } else if (value instanceof MulticastGroup group) {
      return group.fields().stream()
          .map(field -> "\"" + field + "\"")
          .collect(Collectors.joining(",", "{", "}"));
    }
    return value.toString();
  }
}
