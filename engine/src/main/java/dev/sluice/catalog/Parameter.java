package dev.sluice.catalog;

/**
 * One of the parameters of an address, which stand between colons.
 *
 * @param name as help texts show it in angle brackets
 * @param optional whether it may be left out
 */
public record Parameter(String name, boolean optional) {
  public static Parameter required(String name) {
    return new Parameter(name, false);
  }

  public static Parameter optional(String name) {
    return new Parameter(name, true);
  }
}
