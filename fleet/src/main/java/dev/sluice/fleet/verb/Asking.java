package dev.sluice.fleet.verb;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A verb that asks a fleet that runs. */
abstract class Asking implements Callable<Integer> {
  /** Where a fleet listens for verbs if nobody says otherwise. */
  static final String SOCKET = "/run/sluice/fleet.sock";

  static final String SOCKET_VARIABLE = "SLUICE_FLEET_SOCKET";

  private final Terminal terminal;

  @Option(
      names = "--socket",
      paramLabel = "PATH",
      description =
          "The fleet's socket; else variable " + SOCKET_VARIABLE + ", else " + SOCKET + ".")
  private @Nullable Path socket;

  @Option(names = "--json", description = "Prints the answer of the API as it is.")
  private boolean json;

  Asking(Terminal terminal) {
    this.terminal = terminal;
  }

  static Path socket(@Nullable Path given) {
    String variable = System.getenv(SOCKET_VARIABLE);
    return given != null ? given : Path.of(variable == null ? SOCKET : variable);
  }

  Terminal terminal() {
    return terminal;
  }

  boolean isJson() {
    return json;
  }

  ApiClient client() {
    return new ApiClient(socket(socket));
  }

  /** Asks; an answer that is a refusal ends the verb, unless it has that status. */
  ApiClient.Answer ask(String method, String path, @Nullable String body, int... accepted) {
    ApiClient.Answer answer = client().ask(method, path, body);
    for (int status : accepted) {
      if (answer.status() == status) {
        return answer;
      }
    }
    if (!answer.isOk()) {
      if (json) {
        terminal.out().print(answer.body());
      }
      throw new Refusal(reason(answer));
    }
    return answer;
  }

  private static String reason(ApiClient.Answer answer) {
    try {
      Object error = answer.object().get("error");
      return error == null ? "refused with status " + answer.status() : error.toString();
    } catch (RuntimeException e) {
      return "refused with status " + answer.status() + ": " + answer.body().trim();
    }
  }

  void print(String line) {
    terminal.out().println(line);
  }

  static String text(Map<?, ?> object, String key) {
    return Objects.toString(object.get(key), "");
  }

  @SuppressWarnings("unchecked") // lists of the API are lists of objects
  static List<Map<String, Object>> list(Map<?, ?> object, String key) {
    return object.get(key) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
  }

  @SuppressWarnings("unchecked") // the values of an object are what its keys say
  static Map<String, Object> object(ApiClient.Answer answer) {
    return (Map<String, Object>) (Map<String, ?>) answer.object();
  }

  static List<?> texts(Map<?, ?> object, String key) {
    return object.get(key) instanceof List<?> list ? list : List.of();
  }
}
