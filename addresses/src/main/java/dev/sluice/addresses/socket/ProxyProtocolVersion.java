package dev.sluice.addresses.socket;

import dev.sluice.option.OptionType;

/** A version of the PROXY protocol: text, or binary. */
public enum ProxyProtocolVersion {
  V1,
  V2;

  /** What the option's value is read with. */
  static final OptionType<ProxyProtocolVersion> TYPE =
      new OptionType<>("v1|v2", (option, spec) -> parse(spec.name(), OptionType.required(spec)));

  private static ProxyProtocolVersion parse(String option, String text) {
    return switch (text) {
      case "v1" -> V1;
      case "v2" -> V2;
      default ->
          throw new OptionType.BadValue(
              "option \"" + option + "\": \"" + text + "\" is neither v1 nor v2");
    };
  }
}
