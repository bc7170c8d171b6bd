package dev.sluice.fleet.file;

import com.typesafe.config.ConfigObject;
import dev.sluice.fault.Fault;
import dev.sluice.fault.FaultText;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.FaultEdit;
import dev.sluice.fleet.model.Limits;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.Placement;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Retry;
import dev.sluice.fleet.model.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Reads the definitions of relays: what each says itself, then its group, then the defaults. */
final class DefinitionReader {
  /** What may stand in defaults, in groups and in a relay itself. */
  private static final Set<String> SHARED =
      Set.of(
          "options",
          "labels",
          "max-sessions",
          "limits",
          "faults",
          "connect-timeout",
          "keepalive",
          "retry",
          "on-change",
          "drain",
          "place",
          "where",
          "address",
          "spread");

  private static final Set<String> OWN =
      with(SHARED, "left", "right", "group", "enabled", "ports", "for");

  private static final Set<String> RETRY = Set.of("when", "interval", "backoff");

  private static final Set<String> LIMITS =
      Set.of(
          "sessions-per-client",
          "new-sessions-per-second",
          "idle",
          "total",
          "bytes-per-second",
          "relay-bytes-per-second");

  private static final Duration DRAIN = Duration.ofSeconds(30);

  private final RelayReader relays;
  private final Secrets secrets;
  private final ProblemList problems;
  private @Nullable Section defaults;
  private Map<String, Section> groups = Map.of();
  private final Set<String> pools;

  /**
   * Makes a reader.
   *
   * @param pools the names of the pools that relays may use
   */
  DefinitionReader(RelayReader relays, Secrets secrets, Set<String> pools, ProblemList problems) {
    this.relays = relays;
    this.secrets = secrets;
    this.pools = pools;
    this.problems = problems;
  }

  private static Set<String> with(Set<String> some, String... more) {
    Set<String> all = new HashSet<>(some);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }

  /** Takes what several relays share, and checks it, whether or not a relay uses it. */
  void shared(@Nullable Section newDefaults, Map<String, Section> newGroups) {
    defaults = newDefaults;
    groups = newGroups;
    if (newDefaults != null) {
      checkShared(newDefaults, with(SHARED, "group"));
    }
    newGroups.values().forEach(group -> checkShared(group, SHARED));
  }

  private void checkShared(Section section, Set<String> known) {
    section.allow(known);
    settings(section);
  }

  /** The relays that a definition makes; none when something is wrong with it. */
  List<RelayDefinition> read(String name, Section own) {
    int before = problems.count();
    own.allow(OWN);
    for (String side : List.of("left", "right")) {
      if (!own.has(side)) {
        problems.add(own.origin(), own.what() + ": has no " + side);
      }
    }
    Section all = merged(own);
    Template template = Template.of(own);
    RelayDefinition definition = definition(name, all);
    if (problems.count() > before || isUnfilled(own, definition, template)) {
      return List.of();
    }
    if (template == null) {
      return checked(own, definition) ? List.of(definition) : List.of();
    }
    List<RelayDefinition> made = new ArrayList<>();
    for (String value : template.values()) {
      RelayDefinition one = filled(definition, template, value);
      if (!checked(own, one)) {
        return List.of(); // the others are wrong in the same way
      }
      made.add(one);
    }
    return made;
  }

  /** The relay with what its group and the defaults say where it says nothing. */
  private Section merged(Section own) {
    Optional<String> groupName =
        own.has("group") || defaults == null ? own.text("group") : defaults.text("group");
    ConfigObject all = own.object();
    Section group = groups.get(groupName.orElse(""));
    if (group != null) {
      all = all.withFallback(group.object());
    }
    if (defaults != null) {
      all = all.withFallback(defaults.object());
    }
    return new Section(all, own.what(), problems);
  }

  private boolean isUnfilled(Section own, RelayDefinition definition, @Nullable Template template) {
    List<String> texts = new ArrayList<>(List.of(definition.left(), definition.right()));
    texts.addAll(definition.options());
    for (String text : texts) {
      String placeholder = Template.unfilled(text, template);
      if (placeholder != null) {
        problems.add(
            own.origin(),
            own.what() + ": nothing fills " + placeholder,
            placeholder.equals(Template.PORT) ? "ports = \"5000-5150\"" : "for = [a, b]");
        return true;
      }
    }
    return false;
  }

  private static RelayDefinition filled(RelayDefinition of, Template template, String value) {
    return new RelayDefinition(
        of.name() + "-" + value,
        template.fill(of.left(), value),
        template.fill(of.right(), value),
        of.options().stream().map(word -> template.fill(word, value)).toList(),
        of.group(),
        of.labels(),
        of.enabled(),
        of.maxSessions(),
        of.limits(),
        of.faults(),
        of.connectTimeout(),
        of.keepalive(),
        of.retry(),
        of.onChange(),
        of.drain(),
        of.placement(),
        of.origin());
  }

  /** Whether addresses and options are in order; told at the lines where they stand. */
  private boolean checked(Section own, RelayDefinition definition) {
    int before = problems.count();
    for (String side : List.of("left", "right")) {
      Matcher use =
          Secrets.USE.matcher(side.equals("left") ? definition.left() : definition.right());
      while (use.find()) {
        if (!secrets.has(String.valueOf(use.group(1)))) {
          problems.add(own.origin(side), own.what() + ": there is no secret " + use.group(1));
        }
      }
    }
    RelayReader.Understood understood =
        relays.read(
            definition,
            secrets,
            text -> {
              String side =
                  text.startsWith("left ") ? "left" : text.startsWith("right ") ? "right" : "";
              Origin place =
                  text.startsWith("fault ")
                      ? own.origin("faults")
                      : side.isEmpty() && own.has("options")
                          ? own.origin("options")
                          : own.origin(side);
              problems.add(place, own.what() + ": " + text);
            });
    if (understood != null) {
      for (String pool : RelayReader.poolsOf(understood)) {
        if (!pools.contains(pool)) {
          problems.add(
              own.origin(definition.right().contains(pool) ? "right" : "left"),
              own.what() + ": there is no pool " + pool,
              pools.isEmpty()
                  ? "pools { " + pool + " { members = [...] } }"
                  : "there are " + String.join(", ", pools));
        }
      }
    }
    return problems.count() == before;
  }

  /** What is the same for each section that may set it. */
  private record Settings(
      List<String> options,
      SortedMap<String, String> labels,
      int maxSessions,
      Limits limits,
      List<Fault> faults,
      Optional<Duration> connectTimeout,
      boolean keepalive,
      Retry retry,
      OnChange onChange,
      Duration drain,
      Placement placement) {}

  private RelayDefinition definition(String name, Section all) {
    Settings settings = settings(all);
    return new RelayDefinition(
        name,
        all.text("left").orElse(""),
        all.text("right").orElse(""),
        settings.options,
        all.text("group"),
        settings.labels,
        all.flag("enabled").orElse(true),
        settings.maxSessions,
        settings.limits,
        settings.faults,
        settings.connectTimeout,
        settings.keepalive,
        settings.retry,
        settings.onChange,
        settings.drain,
        settings.placement,
        all.origin());
  }

  private Settings settings(Section section) {
    return new Settings(
        section.words("options").orElse(List.of()),
        labels(section),
        section.count("max-sessions").orElse(0),
        limits(section),
        faults(section),
        section.duration("connect-timeout"),
        section.flag("keepalive").orElse(true),
        retry(section),
        onChange(section),
        section.duration("drain").orElse(DRAIN),
        PlacementReader.read(section));
  }

  private static SortedMap<String, String> labels(Section section) {
    SortedMap<String, String> labels = new TreeMap<>();
    Section some = section.section("labels", section.what() + ": labels");
    if (some != null) {
      some.names().forEach(name -> some.text(name).ifPresent(text -> labels.put(name, text)));
    }
    return labels;
  }

  private Limits limits(Section section) {
    Section limits = section.section("limits", section.what() + ": limits");
    if (limits == null) {
      return Limits.NONE;
    }
    limits.allow(LIMITS);
    for (String key : List.of("idle", "total")) {
      if (limits.duration(key).filter(Duration::isZero).isPresent()) {
        problems.add(limits.origin(key), limits.what() + ": " + key + " is no time at all");
      }
    }
    return new Limits(
        limits.count("sessions-per-client").orElse(0),
        limits.count("new-sessions-per-second").orElse(0),
        limits.duration("idle"),
        limits.duration("total"),
        limits.size("bytes-per-second"),
        limits.size("relay-bytes-per-second"));
  }

  private List<Fault> faults(Section section) {
    List<Fault> faults = new ArrayList<>();
    for (String text : section.words("faults").orElse(List.of())) {
      try {
        faults.add(FaultText.parse(text));
      } catch (IllegalArgumentException e) {
        problems.add(section.origin("faults"), section.what() + ": " + e.getMessage());
      }
    }
    if (faults.size() > FaultEdit.MOST) {
      problems.add(
          section.origin("faults"), section.what() + ": more than " + FaultEdit.MOST + " faults");
    }
    return List.copyOf(faults);
  }

  private Retry retry(Section section) {
    Section retry = section.section("retry", section.what() + ": retry");
    if (retry == null) {
      return Retry.DEFAULT;
    }
    retry.allow(RETRY);
    Duration interval = retry.duration("interval").orElse(Retry.DEFAULT.interval());
    Duration backoff = retry.duration("backoff").orElse(Retry.DEFAULT.backoff());
    if (interval.compareTo(Duration.ofMillis(10)) < 0) {
      problems.add(retry.origin("interval"), retry.what() + ": interval is less than 10ms");
    }
    Retry.When when = Retry.DEFAULT.when();
    switch (retry.text("when").orElse("always")) {
      case "always" -> when = Retry.When.ALWAYS;
      case "on-failure" -> when = Retry.When.ON_FAILURE;
      case "never" -> when = Retry.When.NEVER;
      default ->
          problems.add(
              retry.origin("when"), retry.what() + ": when is always, on-failure or never");
    }
    return new Retry(when, interval, backoff.compareTo(interval) < 0 ? interval : backoff);
  }

  private OnChange onChange(Section section) {
    String text = section.text("on-change").orElse("keep");
    if (text.equals("keep")) {
      return new OnChange.Keep();
    } else if (text.equals("cut")) {
      return new OnChange.Cut();
    }
    Duration deadline =
        text.startsWith("drain ") ? Durations.parse(text.substring("drain ".length())) : null;
    if (deadline == null) {
      problems.add(
          section.origin("on-change"),
          section.what() + ": on-change \"" + text + "\" is not keep, drain TIME or cut",
          "on-change = \"drain 30s\"");
      return new OnChange.Keep();
    }
    return new OnChange.Drain(deadline);
  }
}
