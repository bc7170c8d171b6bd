package dev.sluice.option;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options that other systems have and Linux lacks, each with the reason that its user reads. */
final class ForeignOptions {
  private static final String CYGWIN = "exists on Cygwin only";
  private static final String AIX = "exists on AIX only";
  private static final String STREAMS = "needs the STREAMS of Solaris";
  private static final String RESOLVER = "this system's resolver no longer has it";

  private static final String NO_METHOD =
      "gone from socat 1.8 too; use min-proto-version and max-proto-version";
  private static final String NO_FIPS = "needs a FIPS module of OpenSSL; choose ciphers=FIPS";

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("binary", CYGWIN + "; here files are always binary"),
          Map.entry("text", CYGWIN + "; use cr or crnl to convert line ends"),
          Map.entry("noinherit", CYGWIN + "; use cloexec"),
          Map.entry("nshare", AIX),
          Map.entry("rshare", AIX),
          Map.entry("ip-recvdstaddr", "needs BSD; on Linux use ip-pktinfo"),
          Map.entry("ip-recvif", "needs BSD; on Linux use ip-pktinfo"),
          Map.entry("res-aaonly", RESOLVER),
          Map.entry("res-primary", RESOLVER),
          Map.entry("dsusp", "needs BSD or Solaris; terminals on Linux have no delayed suspend"),
          Map.entry("i-pop-all", STREAMS),
          Map.entry("i-push", STREAMS),
          Map.entry("method", NO_METHOD),
          Map.entry("openssl-method", NO_METHOD),
          Map.entry("fips", NO_FIPS),
          Map.entry("openssl-fips", NO_FIPS));

  private ForeignOptions() {}

  /**
   * Why the option is not there; null when it is unknown everywhere. {@code name} in lower case.
   */
  static @Nullable String missingBecause(String name) {
    return REASONS.get(name);
  }
}
