package dev.sluice.cli;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The verbs of {@code sluice fleet} as help, manual and completion show them, without loading the
 * module that has them.
 */
final class FleetVerbs {
  /**
   * One verb.
   *
   * @param words what follows it
   * @param names what its first word names: {@code relays}, {@code pools}, {@code files}, or
   *     nothing
   */
  record Verb(String name, String words, String names, String summary) {}

  static final List<Verb> ALL =
      List.of(
          new Verb("check", "<file>", "files", "says everything that is wrong with a file"),
          new Verb("run", "<file>", "files", "runs the relays of a file"),
          new Verb("status", "[<relay>]", "relays", "how relays are, and why one fails"),
          new Verb("top", "", "", "a screen that shows the same each second"),
          new Verb("pools", "[<pool>]", "pools", "how the members of pools are"),
          new Verb("member", "<pool> <member>", "pools", "changes members of a pool by hand"),
          new Verb(
              "fault", "add|rm|reset|ls <relay> <fault>", "", "has sessions suffer faults, or not"),
          new Verb("sessions", "[<relay>]", "relays", "sessions that are alive"),
          new Verb("end", "<relay> <session>", "relays", "ends one session"),
          new Verb("log", "[<relay>]", "relays", "what happened last; -f goes on"),
          new Verb("plan", "", "", "what apply would change"),
          new Verb("apply", "", "", "reads the file again, and has what it says run"),
          new Verb("start", "<relay>", "relays", "has relays run that were stopped or drained"),
          new Verb("stop", "<relay>", "relays", "ends relays with their sessions"),
          new Verb("drain", "<relay>", "relays", "takes no more sessions"),
          new Verb("add", "<name> -- <words>", "", "adds a relay that no file has"),
          new Verb("rm", "<relay>", "relays", "removes a relay that was added"),
          new Verb("export", "", "", "what runs, as a file"),
          new Verb("convert", "<file>", "files", "makes a fleet's file of other programs' files"));

  private FleetVerbs() {}

  /** Names of the verbs, or of those whose first word names that. */
  static String names(String of, String between) {
    return ALL.stream()
        .filter(verb -> of.isEmpty() || verb.names.equals(of))
        .map(Verb::name)
        .collect(Collectors.joining(between));
  }
}
