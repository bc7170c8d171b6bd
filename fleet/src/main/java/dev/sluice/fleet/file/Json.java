package dev.sluice.fleet.file;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON (RFC 8259) of maps, collections, numbers, truth values, texts and null. */
public final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  /** The value as one line. */
  public static String of(@Nullable Object value) {
    Json json = new Json();
    json.value(value);
    return json.out.toString();
  }

  private void value(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      out.append('{');
      String comma = "";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(comma);
        text(String.valueOf(entry.getKey()));
        out.append(':');
        value(entry.getValue());
        comma = ",";
      }
      out.append('}');
    } else if (value instanceof Collection<?> some) {
      out.append('[');
      String comma = "";
      for (Object one : some) {
        out.append(comma);
        value(one);
        comma = ",";
      }
      out.append(']');
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      text(value.toString());
    }
  }

  private void text(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
