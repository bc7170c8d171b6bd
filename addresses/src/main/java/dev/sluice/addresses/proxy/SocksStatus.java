package dev.sluice.addresses.proxy;

/** The status of a SOCKS 5 reply. See RFC 1928, 6. */
final class SocksStatus {
  static final int GRANTED = 0;
  static final int FAILURE = 1;
  static final int FORBIDDEN = 2;
  static final int NETWORK_UNREACHABLE = 3;
  static final int HOST_UNREACHABLE = 4;
  static final int REFUSED = 5;
  static final int EXPIRED = 6;
  static final int UNKNOWN_COMMAND = 7;
  static final int UNKNOWN_ADDRESS_TYPE = 8;

  private SocksStatus() {}

  static String text(int status) {
    return switch (status) {
      case FAILURE -> "general SOCKS server failure";
      case FORBIDDEN -> "connection not allowed by ruleset";
      case NETWORK_UNREACHABLE -> "network unreachable";
      case HOST_UNREACHABLE -> "host unreachable";
      case REFUSED -> "connection refused";
      case EXPIRED -> "TTL expired";
      case UNKNOWN_COMMAND -> "command not supported";
      case UNKNOWN_ADDRESS_TYPE -> "address type not supported";
      default -> "unknown error";
    };
  }
}
