package dev.sluice.connector.web;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;

/**
 * What an address of the form {@code HOST[:PORT][/PATH]} names.
 *
 * @param host a name or a number
 * @param port a number, or the name of a service
 * @param path with its slash, and with what is asked for behind a question mark
 */
record WebTarget(String host, String port, String path) {
  static WebTarget of(OpenContext context, int defaultPort) {
    String first = context.parameter(0);
    if (context.address().spec().parameters().size() == 1) {
      int slash = slash(first);
      return of(first.substring(0, slash), Integer.toString(defaultPort), first.substring(slash));
    }
    String second = context.parameter(1);
    int slash = slash(second);
    return of(first, second.substring(0, slash), second.substring(slash));
  }

  private static WebTarget of(String host, String port, String path) {
    if (host.isEmpty() || port.isEmpty()) {
      throw OpenFailure.lasting("no " + (host.isEmpty() ? "host" : "port") + " is named");
    }
    return new WebTarget(host, port, path.isEmpty() ? "/" : path);
  }

  private static int slash(String text) {
    int slash = text.indexOf('/');
    return slash < 0 ? text.length() : slash;
  }

  /** The same as an absolute URI; a service's name is no port there, so it is left out. */
  String uri(String scheme) {
    boolean number = port.chars().allMatch(Character::isDigit);
    return scheme + "://" + host + (number ? ":" + port : "") + path;
  }
}
