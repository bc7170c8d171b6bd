package dev.sluice.addresses.tls;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.OPENSSL;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.STRING;

import dev.sluice.option.Option;
import dev.sluice.option.OptionType;
import dev.sluice.option.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Options of TLS and DTLS. */
public final class TlsOptions {
  /** All of them. */
  public static final List<Option<?>> ROWS = new ArrayList<>();

  private static final Set<Integer> FRAGMENT_LENGTHS = Set.of(512, 1024, 2048, 4096);
  private static final int SMALLEST_RECORD = 512;
  private static final int LARGEST_RECORD = 16384;

  public static final Option<String> CERTIFICATE =
      row("openssl-certificate", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("cert", "certificate")
          .help("PEM file with our certificate and its chain; may hold the key too")
          .in(ROWS);
  public static final Option<String> KEY =
      row("openssl-key", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("key")
          .help("PEM file with the private key, if not with the certificate")
          .in(ROWS);
  public static final Option<String> PASSPHRASE =
      row("openssl-passphrase", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("passphrase")
          .help("of an encrypted key: pass:TEXT, env:VARIABLE or file:PATH")
          .in(ROWS);
  public static final Option<String> CAFILE =
      row("openssl-cafile", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("cafile")
          .help("PEM file with certificates to trust")
          .in(ROWS);
  public static final Option<String> CAPATH =
      row("openssl-capath", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("capath")
          .help("folder of PEM files with certificates to trust")
          .in(ROWS);
  public static final Option<Boolean> VERIFY =
      row("openssl-verify", BOOL, Phase.SPECIFIC, OPENSSL)
          .aka("verify")
          .help("demands and checks the peer's certificate; on unless set to 0")
          .in(ROWS);
  public static final Option<String> COMMONNAME =
      row("openssl-commonname", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("cn", "commonname")
          .help("name that the peer's certificate must be for; empty for any")
          .in(ROWS);
  public static final Option<Boolean> NO_SNI =
      row("openssl-no-sni", BOOL, Phase.SPECIFIC, OPENSSL)
          .aka("no-sni", "nosni")
          .help("does not tell the server which name is wanted")
          .from("RFC 6066")
          .in(ROWS);
  public static final Option<String> SNIHOST =
      row("openssl-snihost", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("snihost")
          .help("name that the server is told is wanted")
          .from("RFC 6066")
          .in(ROWS);
  public static final Option<CipherList> CIPHERLIST =
      row("openssl-cipherlist", CipherList.TYPE, Phase.SPECIFIC, OPENSSL)
          .aka("cipher", "cipherlist", "ciphers")
          .help("ciphers of TLS up to 1.2, as openssl writes them")
          .from("openssl-ciphers(1)")
          .in(ROWS);
  public static final Option<TlsVersion> MIN_PROTO_VERSION =
      row("openssl-min-proto-version", TlsVersion.TYPE, Phase.OFFSET, OPENSSL)
          .aka("min-proto-version", "min-version")
          .help("lowest protocol version")
          .in(ROWS);
  public static final Option<TlsVersion> MAX_PROTO_VERSION =
      row("openssl-max-proto-version", TlsVersion.TYPE, Phase.OFFSET, OPENSSL)
          .aka("max-proto-version", "max-version")
          .help("highest protocol version")
          .in(ROWS);
  public static final Option<String> ALPN =
      row("openssl-alpn", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("alpn")
          .help("application protocols in order of preference, such as h2,http/1.1 (quoted)")
          .from("RFC 7301")
          .in(ROWS);
  public static final Option<String> COMPRESS =
      row(
              "openssl-compress",
              checked("openssl-compress", Set.of("none", "auto"), "unknown compression method"),
              Phase.SPECIFIC,
              OPENSSL)
          .aka("compress")
          .help("none, or auto, which is none too: nobody compresses since CRIME")
          .in(ROWS);
  public static final Option<String> DHPARAM =
      row(
              "openssl-dhparam",
              refused("this JVM's TLS has the groups of RFC 7919 and takes no others"),
              Phase.SPECIFIC,
              OPENSSL)
          .aka("dh", "dhparam", "dhparams", "openssl-dhparams")
          .help("refused: groups are those of RFC 7919")
          .in(ROWS);
  public static final Option<Integer> MAXFRAGLEN =
      row(
              "openssl-maxfraglen",
              number(
                  FRAGMENT_LENGTHS::contains,
                  "openssl: maxfraglen %d is not one of 512, 1024, 2048, or 4096"),
              Phase.SPECIFIC,
              OPENSSL)
          .aka("maxfraglen")
          .help("longest record to ask the server for: 512, 1024, 2048 or 4096 bytes")
          .from("RFC 6066")
          .in(ROWS);
  public static final Option<Integer> MAXSENDFRAG =
      row(
              "openssl-maxsendfrag",
              number(
                  size -> size >= SMALLEST_RECORD && size <= LARGEST_RECORD,
                  "openssl: maxsendfrag %d out of range 512 - 16384"),
              Phase.SPECIFIC,
              OPENSSL)
          .aka("maxsendfrag")
          .help("data in a record that is sent, 512 to 16384 bytes")
          .in(ROWS);
  public static final Option<String> EGD =
      row("openssl-egd", STRING, Phase.SPECIFIC, OPENSSL)
          .aka("egd")
          .help("socket of a randomness daemon; the kernel's randomness needs none")
          .in(ROWS);
  public static final Option<Boolean> PSEUDO =
      row("openssl-pseudo", BOOL, Phase.SPECIFIC, OPENSSL)
          .aka("pseudo")
          .help("would allow weak randomness; there is none")
          .in(ROWS);

  private TlsOptions() {}

  private static OptionType<String> checked(String name, Set<String> allowed, String problem) {
    return new OptionType<>(
        "STRING",
        (option, spec) -> {
          String value = OptionType.required(spec);
          if (!allowed.contains(value)) {
            throw new OptionType.BadValue(name + "=\"" + value + "\": " + problem);
          }
          return value;
        });
  }

  private static OptionType<String> refused(String reason) {
    return new OptionType<>(
        "STRING",
        (option, spec) -> {
          throw new OptionType.BadValue("option \"" + spec.name() + "\": " + reason);
        });
  }

  private static OptionType<Integer> number(IntPredicate allowed, String problem) {
    return new OptionType<>(
        INT.label(),
        (option, spec) -> {
          Integer value = INT.read(option, spec);
          if (value == null || !allowed.test(value)) {
            throw new OptionType.BadValue(String.format(problem, value));
          }
          return value;
        });
  }
}
