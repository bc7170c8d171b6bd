package dev.sluice.fleet.verb;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * {@code sluice fleet VERB}. Verbs end with 0 when they did it, 1 when they were refused, 2 when
 * part of it failed.
 */
@Command(
    name = "sluice fleet",
    description = "Runs many relays from one file.",
    synopsisSubcommandLabel = "VERB",
    sortOptions = false)
public final class FleetCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Shows this help.")
  @SuppressWarnings("UnusedVariable") // picocli sets it, and shows the help itself
  private boolean help;

  private FleetCommand() {}

  /** Runs the verb that the words ask for; returns the exit status. */
  public static int run(FleetHost host, List<String> words) {
    Terminal terminal = Terminal.standard();
    CommandLine line =
        new CommandLine(new FleetCommand())
            .addSubcommand(new CheckVerb(host, terminal))
            .addSubcommand(new RunVerb(host, terminal))
            .addSubcommand(new LineVerb(host, terminal))
            .addSubcommand(new RehearseVerb(host))
            .addSubcommand(new StatusVerb(terminal))
            .addSubcommand(new TopVerb(terminal))
            .addSubcommand(new PoolsVerb(terminal))
            .addSubcommand(new MemberVerb(terminal))
            .addSubcommand(new FaultVerb(terminal))
            .addSubcommand(new SessionsVerb(terminal))
            .addSubcommand(new LogVerb(terminal))
            .addSubcommand(new PlanVerb(terminal))
            .addSubcommand(new ApplyVerb(terminal))
            .addSubcommand(new ControlVerb.Start(terminal))
            .addSubcommand(new ControlVerb.Stop(terminal))
            .addSubcommand(new ControlVerb.Drain(terminal))
            .addSubcommand(new EndVerb(terminal))
            .addSubcommand(new AddVerb(terminal))
            .addSubcommand(new RmVerb(terminal))
            .addSubcommand(new ExportVerb(terminal))
            .addSubcommand(new ConvertVerb(terminal));
    return execute(line, "sluice fleet", words, terminal);
  }

  /** Runs the verb of a command whose verbs are as these; {@code name} as errors begin. */
  static int execute(CommandLine line, String name, List<String> words, Terminal terminal) {
    line.setOut(terminal.out()).setErr(terminal.err()).setUsageHelpWidth(100);
    line.setParameterExceptionHandler((mistake, given) -> refuse(mistake, name, terminal));
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (!(failure instanceof Refusal)) {
            throw failure;
          }
          terminal.err().println(name + ": " + failure.getMessage());
          return 1;
        });
    int status = line.execute(words.toArray(String[]::new));
    terminal.flush();
    return status;
  }

  private static int refuse(ParameterException mistake, String name, Terminal terminal) {
    terminal.err().println(name + ": " + mistake.getMessage());
    terminal
        .err()
        .println("see: " + mistake.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return 1;
  }

  @Override
  public void run() {
    throw new Refusal("which verb? See: sluice fleet --help");
  }
}
