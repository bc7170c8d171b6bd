package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The API and the metrics over TCP: who may ask what. */
@Timeout(240)
class FleetRemoteTest {
  private static final String TOKEN = "a-token-that-nobody-guesses";

  @TempDir Path folder;

  private final int api = Server.freePort();
  private final int metrics = Server.freePort();
  private final List<Run> runs = new ArrayList<>();

  @AfterEach
  void end() {
    runs.forEach(Run::close);
  }

  private Path write(String admin) throws IOException {
    Files.writeString(folder.resolve("token"), TOKEN + "\n");
    return Files.writeString(
        folder.resolve("fleet.conf"),
        "sluice {\n secrets.api.file = \"token\"\n admin { "
            + admin
            + " }\n metrics.listen = \"TCP-LISTEN:"
            + metrics
            + ",bind=127.0.0.1,reuseaddr,fork\"\n relays.a { left = \"UNIX-LISTEN:a.sock,fork\","
            + " right = \"PIPE\" } }");
  }

  private String curl(String... words) {
    try {
      List<String> all =
          new ArrayList<>(List.of("curl", "-sS", "--max-time", "30", "-w", " %{http_code}"));
      all.addAll(List.of(words));
      Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private String listen() {
    return "listen = \"TCP-LISTEN:" + api + ",bind=127.0.0.1,reuseaddr,fork\"";
  }

  @Test
  void theApiIsForWhoKnowsTheTokenAndForNoPageOfABrowser() throws IOException {
    Path file = write(listen() + ", token = api, hosts = [fleet.example]");
    Run run =
        Tool.SLUICE.command("fleet", "run", "--socket", "s", file.toString()).in(folder).start();
    runs.add(run);
    String relays = "http://127.0.0.1:" + api + "/v1/relays";
    String bearer = "Authorization: Bearer " + TOKEN;
    Await.until(() -> curl("-H", bearer, relays).endsWith(" 200"), run::log);
    assertTrue(curl(relays).endsWith(" 401"));
    assertTrue(curl("-H", "Authorization: Bearer " + TOKEN + "x", relays).endsWith(" 401"));
    assertTrue(curl("-H", "Authorization: Basic " + TOKEN, relays).endsWith(" 401"));
    assertTrue(curl("-i", relays).contains("WWW-Authenticate: Bearer"));
    assertTrue(curl("-H", bearer, "-H", "Host: evil.example", relays).endsWith(" 403"));
    assertTrue(curl("-H", bearer, "-H", "Host: fleet.example", relays).endsWith(" 200"));
    assertTrue(curl("-H", bearer, "-H", "Origin: http://evil.example", relays).endsWith(" 403"));
    assertTrue(curl("-H", bearer, "-H", "Origin: null", relays).endsWith(" 403"));
    assertTrue(curl("-H", bearer, "-X", "POST", relays + ":stop?name=a").endsWith(" 200"));
    assertTrue(run.isAlive());

    String open = "http://127.0.0.1:" + metrics;
    assertTrue(curl(open + "/metrics").contains("sluice_relay_up{relay=\"a\""));
    assertTrue(curl(open + "/livez").endsWith(" 200"));
    assertTrue(curl(open + "/v1/relays").endsWith(" 404"));
    assertTrue(curl("-X", "POST", open + "/v1/relays:stop?name=a").endsWith(" 404"));
    String newer = curl("-i", "-H", "Accept: application/openmetrics-text", open + "/metrics");
    assertTrue(newer.contains("application/openmetrics-text; version=1.0.0"), newer);
    assertTrue(newer.contains("# TYPE sluice_sessions counter\nsluice_sessions_total{"), newer);
    assertTrue(newer.contains("\n# EOF\n"), newer);
    assertTrue(!run.log().contains(TOKEN), "the token is shown");
  }

  @Test
  void anApiThatAnybodyCouldAskIsRefused() throws IOException {
    said(listen(), "admin: listen needs a token, or an address that checks certificates");
    said(listen() + ", token = none", "admin: there is no secret none");
    said("listen = \"TCP-LISTEN:1\", token = api", "is not an address that listens with option");
    said("listen = \"TCP-LISTEN:1,frok\", token = api", "unknown option \"frok\"");
    Path file = write(listen() + ", token = api");
    Files.writeString(folder.resolve("token"), "short");
    assertEquals(1, check(file).status());
    assertTrue(check(file).stderr().contains("less than 16 characters"), check(file).stderr());
  }

  @Test
  void theApiIsForHoldersOfACertificateOfTheFleetsAuthority() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("authority", "rsa:2048", "/CN=authority");
    keys.signed("server", "localhost", "authority", TlsKeys.NAMES + "\n");
    keys.signed("operator", "operator", "authority", "");
    keys.selfSigned("stranger", "rsa:2048", "/CN=operator");
    Path file =
        write(
            "listen = \"OPENSSL-LISTEN:"
                + api
                + ",bind=127.0.0.1,reuseaddr,fork,cert=server.crt,key=server.key,cafile=authority.crt\"");
    Run run =
        Tool.SLUICE.command("fleet", "run", "--socket", "s", file.toString()).in(folder).start();
    runs.add(run);
    String relays = "https://127.0.0.1:" + api + "/v1/relays";
    Await.until(() -> curl(with("operator", relays)).endsWith(" 200"), run::log);
    assertTrue(curl(with("stranger", relays)).endsWith(" 000"), "signed by nobody");
    String authority = folder.resolve("authority.crt").toString();
    assertTrue(curl("--cacert", authority, relays).endsWith(" 000"), "without a certificate");
    String[] stop = with("operator", relays + ":stop?name=a");
    assertTrue(curl(more(stop, "-X", "POST")).endsWith(" 200"));
    assertTrue(curl(more(stop, "-H", "Origin: https://evil.example")).endsWith(" 403"));
    assertTrue(run.isAlive());
  }

  /** The words with which curl shows a certificate, and asks a server of the same authority. */
  private String[] with(String who, String url) {
    return new String[] {
      "--cacert",
      folder.resolve("authority.crt").toString(),
      "--cert",
      folder.resolve(who + ".crt").toString(),
      "--key",
      folder.resolve(who + ".key").toString(),
      url
    };
  }

  private static String[] more(String[] words, String... others) {
    return Stream.of(words, others).flatMap(Stream::of).toArray(String[]::new);
  }

  private void said(String admin, String expected) throws IOException {
    Outcome outcome = check(write(admin));
    assertEquals(1, outcome.status(), outcome.stdout());
    assertTrue(outcome.stderr().contains(expected), outcome.stderr());
  }

  private Outcome check(Path file) {
    return Tool.SLUICE.command("fleet", "check", file.toString()).in(folder).run();
  }
}
