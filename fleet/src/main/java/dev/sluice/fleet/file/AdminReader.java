package dev.sluice.fleet.file;

import dev.sluice.fleet.model.AdminSettings;
import dev.sluice.fleet.model.Secrets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads where the API and the metrics are to be had. */
final class AdminReader {
  private static final int SHORTEST_TOKEN = 16;

  /** What each kind of token allows. */
  private static final Map<String, String> TOKENS =
      Map.of("token", "admin", "operate-token", "operate", "read-token", "read");

  private final RelayReader relays;
  private final Secrets secrets;
  private final ProblemList problems;

  AdminReader(RelayReader relays, Secrets secrets, ProblemList problems) {
    this.relays = relays;
    this.secrets = secrets;
    this.problems = problems;
  }

  AdminSettings read(@Nullable Section admin, @Nullable Section metrics) {
    Optional<String> shown = metrics == null ? Optional.empty() : shown(metrics);
    AdminSettings usual = AdminSettings.DEFAULT;
    if (admin == null) {
      return new AdminSettings(
          usual.socket(),
          usual.mode(),
          usual.others(),
          usual.listen(),
          usual.tokens(),
          usual.hosts(),
          shown);
    }
    admin.allow(
        Set.of(
            "socket", "mode", "others", "listen", "token", "operate-token", "read-token", "hosts"));
    String mode = admin.text("mode").orElse(usual.mode());
    if (!mode.matches("0?[0-7]{3}")) {
      problems.add(admin.origin("mode"), "admin: mode \"" + mode + "\" is not three octal digits");
    }
    String others = admin.text("others").orElse(usual.others());
    if (!Set.of("none", "read", "operate", "admin").contains(others)) {
      problems.add(
          admin.origin("others"),
          "admin: others \"" + others + "\" is not none, read, operate or admin");
    }
    Optional<String> listen = listening(admin);
    Map<String, String> tokens = tokens(admin, listen);
    return new AdminSettings(
        admin.text("socket"),
        mode,
        others,
        listen,
        tokens,
        admin.words("hosts").orElse(List.of()),
        shown);
  }

  private Optional<String> shown(Section metrics) {
    metrics.allow(Set.of("listen"));
    return listening(metrics);
  }

  /** Names of the secrets, by the access that they give. */
  private Map<String, String> tokens(Section admin, Optional<String> listen) {
    Map<String, String> tokens = new LinkedHashMap<>();
    TOKENS.forEach(
        (key, access) ->
            admin.text(key).ifPresent(name -> tokens.put(access, token(admin, key, name))));
    if (tokens.isEmpty() && listen.isPresent() && !asksForCertificates(listen.get())) {
      problems.add(
          admin.origin("listen"),
          "admin: listen needs a token, or an address that checks certificates of clients",
          "token = NAME of a secret, or OPENSSL-LISTEN with cert and cafile");
    }
    return tokens;
  }

  /** An address that takes many clients. */
  private Optional<String> listening(Section section) {
    Optional<String> listen = section.text("listen");
    listen.ifPresent(
        address ->
            relays.checkListener(
                address,
                secrets,
                text ->
                    problems.add(section.origin("listen"), section.what() + ": listen: " + text)));
    return listen;
  }

  private String token(Section admin, String key, String name) {
    if (!secrets.has(name)) {
      problems.add(
          admin.origin(key),
          "admin: there is no secret " + name,
          "secrets { " + name + " { file = \"...\" } }");
    } else if (secrets.value(name).length() < SHORTEST_TOKEN) {
      problems.add(
          admin.origin(key),
          "admin: the " + key + " has less than " + SHORTEST_TOKEN + " characters");
    }
    return name;
  }

  private static boolean asksForCertificates(String address) {
    return address.matches("(?i)(OPENSSL|SSL)-LISTEN:.*")
        && address.matches(".*,(cafile|capath)=.*")
        && !address.matches(".*,verify=0.*");
  }
}
