package dev.sluice.connector.kit;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;

/**
 * What an address of the form {@code HOST[:PORT]/NAME} names at a broker.
 *
 * @param port its number
 * @param name a queue or a topic; may be empty, and may have more slashes
 */
public record Place(String host, int port, String name) {
  /** Reads the parameters of an address. */
  public static Place of(OpenContext context, int defaultPort) {
    String all = String.join(":", context.address().spec().parameters());
    int slash = all.indexOf('/');
    String broker = slash < 0 ? all : all.substring(0, slash);
    String name = slash < 0 ? "" : all.substring(slash + 1);
    int colon = broker.lastIndexOf(':');
    boolean hasPort = colon > broker.lastIndexOf(']');
    String host = hasPort ? broker.substring(0, colon) : broker;
    try {
      int port = hasPort ? Integer.parseInt(broker.substring(colon + 1)) : defaultPort;
      return new Place(host.replaceAll("[\\[\\]]", ""), port, name);
    } catch (NumberFormatException e) {
      throw OpenFailure.lasting(
          context.address().spec().head() + ": \"" + broker + "\" is not HOST:PORT");
    }
  }
}
