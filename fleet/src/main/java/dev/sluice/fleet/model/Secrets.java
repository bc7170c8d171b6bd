package dev.sluice.fleet.model;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Values that addresses may use and nobody is shown: {@code {secret:NAME}} in an address stands for
 * one. Immutable; the text of this object has no value in it.
 */
public final class Secrets {
  /** How an address asks for one. */
  public static final Pattern USE = Pattern.compile("\\{secret:([^{}]*)\\}");

  public static final Secrets NONE = new Secrets(Map.of());

  private static final Pattern SPECIAL = Pattern.compile("[\\\\,:!\"'()\\[\\]{}]");

  private final Map<String, String> values;

  public Secrets(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The value of that name, for those who compare it with what a peer has sent; else empty. */
  public String value(String name) {
    return values.getOrDefault(name, "");
  }

  /** Whether both have the same value of that name, or none. */
  public boolean agree(Secrets other, String name) {
    return String.valueOf(values.get(name)).equals(String.valueOf(other.values.get(name)));
  }

  /** The address with the values in their places, quoted for the command line's language. */
  public String reveal(String address) {
    if (address.indexOf('{') < 0) {
      return address;
    }
    return USE.matcher(address)
        .replaceAll(
            use ->
                Matcher.quoteReplacement(
                    SPECIAL.matcher(values.getOrDefault(use.group(1), "")).replaceAll("\\\\$0")));
  }

  /** The text without any of the values. */
  public String hide(String text) {
    String hidden = text;
    for (Map.Entry<String, String> secret : new TreeMap<>(values).entrySet()) {
      if (!secret.getValue().isEmpty()) {
        hidden = hidden.replace(secret.getValue(), "{secret:" + secret.getKey() + "}");
      }
    }
    return hidden;
  }

  @Override
  public String toString() {
    return "Secrets" + new TreeMap<>(values).keySet();
  }
}
