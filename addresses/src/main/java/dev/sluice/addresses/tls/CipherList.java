package dev.sluice.addresses.tls;

import dev.sluice.catalog.Cryptography;
import dev.sluice.option.OptionType;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A choice of cipher suites in OpenSSL's syntax: names and groups such as {@code HIGH}, {@code
 * kECDHE} or {@code AES256}, joined by {@code +} where a suite must fit all, separated by colons;
 * {@code !} bans, {@code -} takes out, {@code +} moves to the end. It has no say about TLS 1.3,
 * whose suites always follow. See openssl-ciphers(1).
 *
 * @param text as written
 */
public record CipherList(String text) {
  /** What socat takes when none is given. */
  public static final CipherList DEFAULT = new CipherList("HIGH:-NULL:-PSK:-aNULL");

  private static final String SIGNALLING = "TLS_EMPTY_RENEGOTIATION_INFO_SCSV";

  /** What the option's value is read with; whether a suite fits is seen when it is opened. */
  static final OptionType<CipherList> TYPE =
      new OptionType<>(
          "STRING", (option, spec) -> new CipherList(OptionType.required(spec)).checked());

  private CipherList checked() {
    if (choose(supported()).isEmpty()) {
      throw new OptionType.BadValue(
          "SSL_set_cipher_list(, \"" + text + "\"): no cipher match among those of this JVM");
    }
    return this;
  }

  private static List<String> supported() {
    try {
      Cryptography.await();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return List.of(context.getSupportedSSLParameters().getCipherSuites());
    } catch (GeneralSecurityException e) {
      throw new OptionType.BadValue("this JVM has no TLS: " + e.getMessage());
    }
  }

  /**
   * The suites of {@code supported}, by the names that JSSE has for them, that are chosen, best
   * first; empty when none is.
   */
  public List<String> choose(Collection<String> supported) {
    List<String> all = supported.stream().filter(suite -> !suite.equals(SIGNALLING)).toList();
    List<String> chosen = new ArrayList<>();
    List<String> banned = new ArrayList<>();
    for (String word : text.split("[:, ]+", -1)) {
      if (word.isEmpty() || word.startsWith("@")) {
        continue;
      }
      char operator = word.charAt(0);
      boolean operated = operator == '!' || operator == '-' || operator == '+';
      Predicate<String> fits = fitting(operated ? word.substring(1) : word);
      List<String> meant = all.stream().filter(fits).filter(s -> !isTls13(s)).toList();
      if (operated) {
        List<String> moved = chosen.stream().filter(meant::contains).toList();
        chosen.removeAll(meant);
        if (operator == '!') {
          banned.addAll(meant);
        } else if (operator == '+') {
          chosen.addAll(moved);
        }
      } else {
        meant.stream()
            .filter(suite -> !chosen.contains(suite) && !banned.contains(suite))
            .forEach(chosen::add);
      }
    }
    return chosen;
  }

  /** Whether the suite is one of TLS 1.3. */
  public static boolean isTls13(String suite) {
    return !suite.contains("_WITH_") && !suite.equals(SIGNALLING);
  }

  private static Predicate<String> fitting(String word) {
    Predicate<String> all = suite -> true;
    for (String part : word.split("\\+", -1)) {
      Predicate<String> one = meaning(part);
      all = all.and(one != null ? one : suite -> isNamed(suite, part));
    }
    return all;
  }

  private static boolean isNamed(String suite, String name) {
    return suite.equals(name) || openSslName(suite).equals(name);
  }

  private static boolean starts(String suite, String... exchanges) {
    for (String exchange : exchanges) {
      if (suite.startsWith("TLS_" + exchange + "_") || suite.startsWith("SSL_" + exchange + "_")) {
        return true;
      }
    }
    return false;
  }

  private static boolean isStrong(String suite) {
    return suite.contains("_AES_") || suite.contains("CHACHA20");
  }

  private static boolean isAnonymous(String suite) {
    return suite.contains("_anon_");
  }

  private static boolean isPlain(String suite) {
    return suite.contains("_NULL_");
  }

  /** The suites that a word stands for; null for a word that is no group. */
  private static @Nullable Predicate<String> meaning(String word) {
    return switch (word) {
      case "ALL" -> suite -> !isPlain(suite);
      case "COMPLEMENTOFALL", "NULL", "eNULL" -> CipherList::isPlain;
      case "DEFAULT" -> suite -> isStrong(suite) && !isAnonymous(suite);
      case "COMPLEMENTOFDEFAULT", "aNULL" -> CipherList::isAnonymous;
      case "HIGH" -> CipherList::isStrong;
      case "MEDIUM" -> suite -> suite.contains("3DES") || suite.contains("RC4_128");
      case "LOW", "EXPORT", "EXP", "EXPORT40", "EXPORT56" ->
          suite -> suite.contains("_DES_") || suite.contains("EXPORT");
      case "kRSA" -> suite -> starts(suite, "RSA");
      case "RSA" -> suite -> starts(suite, "RSA", "ECDHE_RSA", "DHE_RSA");
      case "aRSA" -> suite -> starts(suite, "RSA", "ECDHE_RSA", "DHE_RSA");
      case "aECDSA", "ECDSA" -> suite -> suite.contains("_ECDSA_");
      case "aDSS", "DSS" -> suite -> suite.contains("_DSS_");
      case "kECDHE", "kEECDH", "ECDH" ->
          suite -> suite.contains("_ECDHE_") || suite.contains("_ECDH_anon");
      case "ECDHE", "EECDH" -> suite -> suite.contains("_ECDHE_");
      case "kDHE", "kEDH", "DH" -> suite -> suite.contains("_DHE_") || suite.contains("_DH_anon");
      case "DHE", "EDH" -> suite -> suite.contains("_DHE_");
      case "ADH" -> suite -> suite.contains("_DH_anon");
      case "AECDH" -> suite -> suite.contains("_ECDH_anon");
      case "AES" -> suite -> suite.contains("_AES_");
      case "AES128" -> suite -> suite.contains("_AES_128_");
      case "AES256" -> suite -> suite.contains("_AES_256_");
      case "AESGCM" -> suite -> suite.contains("_AES_") && suite.contains("_GCM_");
      case "CHACHA20" -> suite -> suite.contains("CHACHA20");
      case "3DES" -> suite -> suite.contains("3DES");
      case "DES" -> suite -> suite.contains("_DES_");
      case "RC4" -> suite -> suite.contains("RC4");
      case "SHA", "SHA1" -> suite -> suite.endsWith("_SHA");
      case "SHA256" -> suite -> suite.endsWith("_CBC_SHA256");
      case "SHA384" -> suite -> suite.endsWith("_CBC_SHA384");
      case "MD5" -> suite -> suite.endsWith("_MD5");
      case "TLSv1.2" -> suite -> suite.endsWith("_SHA256") || suite.endsWith("_SHA384");
      case "TLSv1", "TLSv1.0", "SSLv3" -> suite -> suite.endsWith("_SHA");
      case "FIPS" -> suite -> suite.contains("_AES_");
      case "PSK", "kPSK", "aPSK", "kDHEPSK", "kECDHEPSK", "kRSAPSK", "SRP", "kSRP", "aSRP" ->
          suite -> false;
      case "CAMELLIA", "CAMELLIA128", "CAMELLIA256", "ARIA", "ARIA128", "ARIA256", "SEED", "IDEA" ->
          suite -> false;
      case "AESCCM", "AESCCM8", "RC2", "GOST", "kGOST", "aGOST", "aGOST01", "kDH", "kDHr", "kDHd" ->
          suite -> false;
      case "SUITEB128", "SUITEB192", "SUITEB128ONLY" ->
          suite -> suite.contains("_ECDHE_ECDSA_") && suite.contains("_GCM_");
      default -> null;
    };
  }

  /** The name that OpenSSL has for a suite of JSSE. */
  public static String openSslName(String suite) {
    if (isTls13(suite)) {
      return suite;
    }
    String name = suite.replaceFirst("^(TLS|SSL)_", "");
    name = name.replaceFirst("^ECDH_anon_", "AECDH_").replaceFirst("^DH_anon_", "ADH_");
    name = name.replaceFirst("^RSA_WITH_", "WITH_").replaceFirst("_?WITH_", "_");
    name = name.replaceFirst("AES_(128|256)", "AES$1").replace("_CBC_", "_");
    name =
        name.replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305")
            .replace("3DES_EDE", "DES_CBC3");
    return name.replaceFirst("^_", "").replace('_', '-');
  }
}
