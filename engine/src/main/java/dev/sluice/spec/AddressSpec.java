package dev.sluice.spec;

import java.util.List;

/**
 * One address as written, quoting removed: {@code keyword:parameter:…,option,option=value}.
 *
 * @param text the whole address as typed
 * @param keyword as typed; short forms have been resolved by {@link AddressParser}'s caller
 * @param parameters what stands between colons
 * @param options in written order
 */
public record AddressSpec(
    String text, String keyword, List<String> parameters, List<OptionSpec> options) {
  public AddressSpec {
    parameters = List.copyOf(parameters);
    options = List.copyOf(options);
  }

  /** Keyword and parameters as typed, without options: how errors name the address. */
  public String head() {
    return parameters.isEmpty() ? keyword : keyword + ":" + String.join(":", parameters);
  }
}
