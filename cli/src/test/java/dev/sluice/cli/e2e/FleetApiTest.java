package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/fleet-api.json (OpenAPI 3.1) is what the API does and what docs/fleet.md says. */
@Timeout(240)
class FleetApiTest {
  private static final Path FILE = Tool.ROOT.resolve("docs/fleet-api.json");

  @TempDir Path folder;

  private static ConfigObject json(String text) {
    return ConfigFactory.parseString(
            text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON))
        .root();
  }

  private static ConfigObject inner(ConfigObject of, String... keys) {
    ConfigObject now = of;
    for (String key : keys) {
      now = (ConfigObject) Objects.requireNonNull(now.get(key), key);
    }
    return now;
  }

  private String curl(String method, String path) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "--max-time",
                "20",
                "--unix-socket",
                folder.resolve("s").toString(),
                "-w",
                "\n%{http_code}",
                "-X",
                method,
                "http://x" + path));
    if (method.equals("PUT")) {
      words.addAll(List.of("-d", "{\"left\":\"UNIX-LISTEN:b.sock,fork\",\"right\":\"PIPE\"}"));
    }
    if (path.startsWith("/v1/events") || path.startsWith("/v1/live")) {
      words.set(3, "1");
    }
    Process process = new ProcessBuilder(words).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void eachPathAnswersAsItIsDescribed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"),
            "sluice { pools.a.members = [\"TCP:127.0.0.1:1\"]\n relays.a {"
                + " left = \"UNIX-LISTEN:a.sock,fork\", right = \"POOL:a\" } }");
    ConfigObject root = json(Files.readString(FILE));
    ConfigObject paths = inner(root, "paths");
    try (Run run =
        Tool.SLUICE.command("fleet", "run", "--socket", "s", file.toString()).in(folder).start()) {
      Await.until(() -> Files.exists(folder.resolve("s")), run::log);
      Await.until(() -> Files.exists(folder.resolve("a.sock")), run::log);
      for (String path : new TreeSet<>(paths.keySet())) {
        for (String method : inner(paths, path).keySet()) {
          boolean isOfB = path.equals("/v1/relays/{name}") && !method.equals("get");
          String asked =
              path.replace("{name}", isOfB ? "b" : "a").replace("{number}", "1")
                  + (path.endsWith(":set") ? "?member=*&weight=2" : "")
                  + (path.startsWith("/v1/relays:") ? "?name=a" : "");
          if (method.equals("delete") && isOfB) {
            curl("PUT", asked);
          }
          String answer = curl(method.toUpperCase(Locale.ROOT), asked);
          String status = answer.substring(answer.lastIndexOf('\n') + 1);
          ConfigObject responses = inner(paths, path, method, "responses");
          assertTrue(responses.containsKey(status), path + " " + method + ": " + answer);
          assertFalse(answer.contains("there is no " + method.toUpperCase(Locale.ROOT)), answer);
          checkBody(root, inner(responses, status), answer, path + " " + method);
        }
      }
    }
  }

  /** An answer has the keys that its schema requires, and of those that are named the type. */
  private static void checkBody(
      ConfigObject root, ConfigObject response, String answer, String of) {
    if (!(inner(response, "content").get("application/json") instanceof ConfigObject described)) {
      return;
    }
    String name = described.toConfig().getString("schema.\"$ref\"").replaceFirst(".*/", "");
    Config schema = inner(root, "components", "schemas", name).toConfig();
    ConfigObject body = json(answer.substring(0, answer.lastIndexOf('\n')));
    if (schema.hasPath("required")) {
      assertTrue(body.keySet().containsAll(schema.getStringList("required")), of + ": " + answer);
    }
    if (schema.hasPath("properties") && !name.equals("Change")) {
      for (String key : schema.getObject("properties").keySet()) {
        assertTrue(body.containsKey(key) || name.equals("Done"), of + ": no " + key);
      }
    }
  }

  @Test
  void theDocumentationHasTheSamePaths() throws IOException {
    String page = Files.readString(Tool.ROOT.resolve("docs/fleet.md"));
    Set<String> documented = new TreeSet<>();
    Matcher row = Pattern.compile("(?m)^\\| `(?:GET|POST|PUT|DELETE) [^|]*\\|").matcher(page);
    while (row.find()) {
      String method = row.group().replaceFirst("^\\| `(\\w+) .*", "$1").trim();
      Matcher path = Pattern.compile("`(?:\\w+ )?(/[^`]*|:\\w+)`").matcher(row.group());
      String before = "";
      while (path.find()) {
        String text = String.valueOf(path.group(1));
        String full = text.startsWith(":") ? before.replaceFirst(":.*", "") + text : text;
        before = full;
        documented.add(
            method.toLowerCase(Locale.ROOT)
                + " "
                + full.replace("NAME", "{name}").replace("NUMBER", "{number}"));
      }
    }
    Set<String> described = new TreeSet<>();
    ConfigObject paths = inner(json(Files.readString(FILE)), "paths");
    paths
        .keySet()
        .forEach(path -> inner(paths, path).keySet().forEach(m -> described.add(m + " " + path)));
    assertEquals(described, documented);
  }
}
