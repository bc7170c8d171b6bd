package dev.sluice.connector.kit;

import akka.util.ByteString;
import java.util.Map;

/**
 * A message of a broker.
 *
 * @param payload its bytes
 * @param facts what is known of it beside: where it was read, or where and how it is to be written,
 *     by the names that framing json has for them
 */
public record Message(ByteString payload, Map<String, Object> facts) {
  /** A message of which nothing is known but its bytes. */
  public static Message of(ByteString payload) {
    return new Message(payload, Map.of());
  }

  /** A fact as text, or {@code otherwise}. */
  public String fact(String name, String otherwise) {
    Object value = facts.get(name);
    return value == null ? otherwise : value.toString();
  }
}
