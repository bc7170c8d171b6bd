package dev.sluice.fleet.verb;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes members of a pool by hand. */
@Command(
    name = "member",
    description = "Changes members of a pool; it stays through every apply, and plan shows it.")
final class MemberVerb extends Asking {
  @Parameters(index = "0", paramLabel = "POOL", description = "A pool.")
  private String pool = "";

  @Parameters(
      index = "1",
      paramLabel = "MEMBER",
      description = "A member, or a pattern with * and ?.")
  private String member = "";

  @Option(
      names = "--weight",
      paramLabel = "WEIGHT",
      description = "Its share, 0 to 1000; \"file\" for the one that the file has.")
  private @Nullable String weight;

  @ArgGroup(exclusive = true)
  private @Nullable State state;

  /** At most one of these. */
  static final class State {
    @Option(names = "--ready", description = "It may have sessions again.")
    private boolean ready;

    @Option(names = "--drain", description = "No new sessions; those it has go on.")
    private boolean drain;

    @Option(names = "--disable", description = "No sessions: those it has are ended.")
    private boolean disable;

    String text() {
      return ready ? "ready" : drain ? "drain" : disable ? "disabled" : "";
    }
  }

  MemberVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<String> query = new ArrayList<>(List.of("member", member));
    if (weight != null) {
      query.addAll(List.of("weight", weight));
    }
    if (state != null) {
      query.addAll(List.of("state", state.text()));
    }
    if (query.size() == 2) {
      throw new Refusal("needs --weight, --ready, --drain or --disable");
    }
    String path = "/v1/pools/" + ApiClient.encoded(pool) + ":set";
    ApiClient.Answer answer = ask("POST", ApiClient.path(path, query), null);
    if (isJson()) {
      terminal().out().print(answer.body());
    } else {
      texts(answer.object(), "done").forEach(one -> print("changed " + pool + " " + one));
    }
    return 0;
  }
}
