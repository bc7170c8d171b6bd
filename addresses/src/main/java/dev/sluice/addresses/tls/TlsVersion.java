package dev.sluice.addresses.tls;

import dev.sluice.option.OptionType;
import java.util.Locale;

/**
 * A version of TLS or DTLS, in order of age. Read from forms like {@code TLS1.2} and {@code
 * TLSv1.2}, in any case.
 */
public enum TlsVersion {
  SSL2("SSLv2"),
  SSL3("SSLv3"),
  TLS1_0("TLSv1"),
  TLS1_1("TLSv1.1"),
  TLS1_2("TLSv1.2"),
  TLS1_3("TLSv1.3"),
  DTLS1_0("DTLSv1.0"),
  DTLS1_2("DTLSv1.2");

  /** What an option's value is read with. */
  static final OptionType<TlsVersion> TYPE =
      new OptionType<>("STRING", (option, spec) -> parse(OptionType.required(spec)));

  private final String protocol;

  TlsVersion(String protocol) {
    this.protocol = protocol;
  }

  /** The name that JSSE has for it. */
  public String protocol() {
    return protocol;
  }

  /** Whether it is a version of DTLS. */
  public boolean isDatagram() {
    return this == DTLS1_0 || this == DTLS1_2;
  }

  /** The version written so; {@link OptionType.BadValue} when there is none. */
  static TlsVersion parse(String text) {
    return switch (text.toUpperCase(Locale.ROOT).replace("V", "")) {
      case "SSL2" -> SSL2;
      case "SSL3" -> SSL3;
      case "TLS1", "TLS1.0" -> TLS1_0;
      case "TLS1.1" -> TLS1_1;
      case "TLS1.2" -> TLS1_2;
      case "TLS1.3" -> TLS1_3;
      case "DTLS1", "DTLS1.0" -> DTLS1_0;
      case "DTLS1.2" -> DTLS1_2;
      default -> throw new OptionType.BadValue("Unknown SSL/TLS version \"" + text + "\"");
    };
  }
}
