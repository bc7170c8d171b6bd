package dev.sluice.addresses.tls;

import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Alerts by the names that OpenSSL gives them. See RFC 8446, section 6. */
final class TlsAlert {
  /** The content type of alerts. */
  static final byte TYPE = 21;

  private static final int HEADER = 5;
  private static final int LENGTH = 2;

  /** How a message of JSSE begins that names an alert of the peer. */
  private static final String RECEIVED = "Received fatal alert: ";

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(10, "sslv3 alert unexpected message"),
          Map.entry(20, "sslv3 alert bad record mac"),
          Map.entry(21, "tlsv1 alert decryption failed"),
          Map.entry(22, "tlsv1 alert record overflow"),
          Map.entry(30, "sslv3 alert decompression failure"),
          Map.entry(40, "sslv3 alert handshake failure"),
          Map.entry(41, "sslv3 alert no certificate"),
          Map.entry(42, "sslv3 alert bad certificate"),
          Map.entry(43, "sslv3 alert unsupported certificate"),
          Map.entry(44, "sslv3 alert certificate revoked"),
          Map.entry(45, "sslv3 alert certificate expired"),
          Map.entry(46, "sslv3 alert certificate unknown"),
          Map.entry(47, "sslv3 alert illegal parameter"),
          Map.entry(48, "tlsv1 alert unknown ca"),
          Map.entry(49, "tlsv1 alert access denied"),
          Map.entry(50, "tlsv1 alert decode error"),
          Map.entry(51, "tlsv1 alert decrypt error"),
          Map.entry(70, "tlsv1 alert protocol version"),
          Map.entry(71, "tlsv1 alert insufficient security"),
          Map.entry(80, "tlsv1 alert internal error"),
          Map.entry(86, "tlsv1 alert inappropriate fallback"),
          Map.entry(90, "tlsv1 alert user cancelled"),
          Map.entry(100, "tlsv1 alert no renegotiation"),
          Map.entry(109, "tlsv13 alert missing extension"),
          Map.entry(110, "tlsv1 alert unsupported extension"),
          Map.entry(112, "tlsv1 alert unrecognized name"),
          Map.entry(113, "tlsv1 alert bad certificate status response"),
          Map.entry(115, "tlsv1 alert unknown psk identity"),
          Map.entry(116, "tlsv13 alert certificate required"),
          Map.entry(120, "tlsv1 alert no application protocol"));

  private TlsAlert() {}

  /** The alert in the clear that comes next; null when something else does. */
  static @Nullable String next(ByteBuffer records) {
    int at = records.position();
    boolean isPlain =
        records.remaining() >= HEADER + LENGTH
            && records.get(at) == TYPE
            && records.get(at + 3) == 0
            && records.get(at + 4) == LENGTH;
    return isPlain ? named(records.get(at + HEADER + 1) & 0xff) : null;
  }

  private static String named(int number) {
    return NAMES.getOrDefault(number, "alert number " + number);
  }

  /** A message of JSSE with OpenSSL's name for the alert in it, if there is one. */
  static String renamed(String message) {
    if (!message.startsWith(RECEIVED)) {
      return message;
    }
    String name = message.substring(RECEIVED.length()).replace('_', ' ');
    return NAMES.values().stream()
        .filter(known -> known.endsWith(" alert " + name))
        .findFirst()
        .orElse(message);
  }
}
