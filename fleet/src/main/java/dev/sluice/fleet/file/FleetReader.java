package dev.sluice.fleet.file;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValueFactory;
import dev.sluice.fleet.model.AdminSettings;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.Problem;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.fleet.model.SnapshotSettings;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a fleet: one HOCON file, one plain file ({@code *.relays}), or a folder of
 * both, sorted by name. Reports everything that is wrong at once; blocks while it reads.
 */
public final class FleetReader {
  /** What a relay may be called. */
  public static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.@-]{0,99}");

  /** The one name at the top of a file. */
  private static final String TOP = "sluice";

  private static final Set<String> PARTS =
      Set.of(
          "admin",
          "cluster",
          "defaults",
          "groups",
          "metrics",
          "pools",
          "relays",
          "secrets",
          "snapshot");

  private final RelayReader relays;
  private final Map<String, String> environment;

  /**
   * Makes a reader.
   *
   * @param relays understands addresses and options
   * @param environment variables that secrets may come from
   */
  public FleetReader(RelayReader relays, Map<String, String> environment) {
    this.relays = relays;
    this.environment = environment;
  }

  /**
   * What a file says.
   *
   * @param fleet the fleet, if nothing is wrong
   * @param problems everything that is wrong, by file and line
   * @param shared the parts that hold for all nodes of a cluster, as JSON with all substitutions
   *     made; secrets are named in it, and not shown; empty without a cluster
   * @param whole all parts in the same form; empty without a snapshot
   */
  public record Result(
      Optional<Fleet> fleet, List<Problem> problems, String shared, String whole) {}

  /** Reads a file or a folder. */
  public Result read(Path path) {
    ProblemList problems = new ProblemList();
    Reading reading = new Reading(problems, Fleet.EMPTY, path);
    for (Path file : files(path, problems)) {
      ConfigObject content =
          file.toString().endsWith(".relays") ? plain(file, problems) : hocon(file, problems);
      if (content != null) {
        reading.file(new Section(content, TOP, problems));
      }
    }
    return reading.result();
  }

  /**
   * Reads what {@link Result#whole} gave.
   *
   * @param origin what problems name as the file
   * @param path of the fleet's own file
   */
  public Result readWhole(String json, String origin, Path path) {
    ProblemList problems = new ProblemList();
    ConfigObject object = HoconFile.readJson(json, new Origin(origin, 0), problems);
    Reading reading = new Reading(problems, Fleet.EMPTY, path);
    if (object != null) {
      reading.file(new Section(object, TOP, problems));
    }
    return reading.result();
  }

  /**
   * Reads what {@link Result#shared} gave on another node.
   *
   * @param origin what problems name as the file
   * @param own what this node's own file says of the node
   */
  public Result readShared(String json, String origin, Fleet own) {
    Result read = readWhole(json, origin, Path.of(""));
    return new Result(
        read.fleet().map(fleet -> fleet.onNodeOf(own)), read.problems(), read.shared(), "");
  }

  /**
   * Reads one relay, as JSON: the keys that it would have in a file.
   *
   * @param json the object
   * @param running the fleet that it is added to, whose pools and secrets it may use
   */
  public Result readOne(String name, String json, Fleet running) {
    ProblemList problems = new ProblemList();
    ConfigObject object = HoconFile.readJson(json, problems);
    Reading reading = new Reading(problems, running, Path.of(""));
    if (object != null) {
      Section whole =
          new Section(
              ConfigValueFactory.fromMap(Map.of("relays", Map.of(name, object))), TOP, problems);
      if (object.containsKey("ports") || object.containsKey("for")) {
        problems.add(Origin.RUNTIME, "relay " + name + ": ports and for are for files");
      }
      reading.file(whole);
    }
    return reading.result();
  }

  private static List<Path> files(Path path, ProblemList problems) {
    Origin origin = new Origin(path.toString(), 0);
    if (!Files.isDirectory(path)) {
      if (!Files.isReadable(path)) {
        problems.add(origin, Files.exists(path) ? "permission denied" : "no such file or folder");
        return List.of();
      }
      return List.of(path);
    }
    try (Stream<Path> all = Files.list(path)) {
      List<Path> files =
          all.filter(file -> file.toString().matches("(?s).*\\.(conf|relays)")).sorted().toList();
      if (files.isEmpty()) {
        problems.add(origin, "has no file *.conf or *.relays");
      }
      return files;
    } catch (IOException e) {
      problems.add(origin, String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  private static @Nullable ConfigObject plain(Path file, ProblemList problems) {
    try {
      List<String> lines = Files.readAllLines(file);
      return ConfigValueFactory.fromMap(
          Map.of("relays", PlainLines.read(file.toString(), lines, problems)));
    } catch (MalformedInputException e) {
      problems.add(new Origin(file.toString(), 0), "is not a text in UTF-8");
    } catch (IOException e) {
      problems.add(new Origin(file.toString(), 0), String.valueOf(e.getMessage()));
    }
    return null;
  }

  private static @Nullable ConfigObject hocon(Path file, ProblemList problems) {
    ConfigObject root = HoconFile.read(file, problems);
    if (root == null) {
      return null;
    }
    Section top = new Section(root, "the file", problems);
    int before = problems.count();
    top.allow(Set.of(TOP));
    Section sluice = top.section(TOP, TOP);
    if (sluice == null && problems.count() == before) {
      problems.add(
          new Origin(file.toString(), 0), "has no section sluice", "sluice { relays { ... } }");
    }
    return sluice == null ? null : sluice.object();
  }

  /** What has been read of one fleet. */
  private final class Reading {
    private final ProblemList problems;
    private final Map<String, Section> definitions = new LinkedHashMap<>();
    private final Map<String, Section> groups = new HashMap<>();
    private final Map<String, Section> pools = new LinkedHashMap<>();
    private final SecretReader secrets;
    private final Map<String, RelayDefinition> made = new LinkedHashMap<>();
    private @Nullable Section defaults;
    private @Nullable Section admin;
    private @Nullable Section metrics;
    private @Nullable Section snapshot;
    private @Nullable Section cluster;
    private final Path path;

    /** What is there already, for a relay that is added to it. */
    private final Fleet running;

    Reading(ProblemList problems, Fleet running, Path path) {
      this.problems = problems;
      this.secrets = new SecretReader(environment, problems);
      this.path = path;
      this.running = running;
    }

    void file(Section sluice) {
      sluice.allow(PARTS);
      defaults = only(defaults, sluice.section("defaults", "defaults"));
      admin = only(admin, sluice.section("admin", "admin"));
      metrics = only(metrics, sluice.section("metrics", "metrics"));
      snapshot = only(snapshot, sluice.section("snapshot", "snapshot"));
      cluster = only(cluster, sluice.section("cluster", "cluster"));
      collect(sluice.section("groups", "groups"), "group", groups);
      collect(sluice.section("pools", "pools"), "pool", pools);
      collect(sluice.section("relays", "relays"), "relay", definitions);
      Section some = sluice.section("secrets", "secrets");
      if (some != null) {
        some.names().forEach(name -> secrets.read(name, some.section(name, "secret " + name)));
      }
    }

    private @Nullable Section only(@Nullable Section earlier, @Nullable Section found) {
      if (earlier != null && found != null) {
        problems.add(found.origin(), found.what() + " is there already, at " + earlier.origin());
      }
      return found == null ? earlier : found;
    }

    private void collect(@Nullable Section part, String kind, Map<String, Section> into) {
      if (part == null) {
        return;
      }
      for (String name : part.names()) {
        Section one = part.section(name, kind + " " + name);
        if (!NAME.matcher(name).matches()) {
          problems.add(
              part.origin(name),
              kind + " \"" + name + "\" has a name that can't be used",
              "letters, digits, '.', '_', '@' and '-', at most 100");
        } else if (one != null) {
          Section earlier = into.putIfAbsent(name, one);
          if (earlier != null) {
            problems.add(one.origin(), one.what() + " is there already, at " + earlier.origin());
          }
        }
      }
    }

    Result result() {
      Fleet fleet = fleet();
      boolean isGood = problems.isEmpty();
      return new Result(
          isGood ? Optional.of(fleet) : Optional.empty(),
          problems.sorted(),
          isGood && fleet.cluster().isPresent() ? json(shared()) : "",
          isGood && fleet.snapshot().isPresent() ? json(whole()) : "");
    }

    private List<String> whole() {
      List<String> parts = new ArrayList<>();
      for (Section own : new @Nullable Section[] {admin, metrics, snapshot, cluster}) {
        if (own != null) {
          parts.add(Json.of(own.what()) + ":" + Json.of(own.object().unwrapped()));
        }
      }
      parts.addAll(shared());
      return parts;
    }

    /** One entry a line, so that the order is kept, and problems have a line. */
    private List<String> shared() {
      List<String> parts = new ArrayList<>();
      if (defaults != null) {
        parts.add("\"defaults\":" + Json.of(defaults.object().unwrapped()));
      }
      parts.add(part("secrets", secrets.sections()));
      parts.add(part("groups", objects(groups)));
      parts.add(part("pools", objects(pools)));
      parts.add(part("relays", objects(definitions)));
      return parts;
    }

    private static String json(List<String> parts) {
      return "{" + String.join(",\n", parts) + "}\n";
    }

    private static String part(String name, Map<String, ConfigObject> objects) {
      return objects.entrySet().stream()
          .map(one -> Json.of(one.getKey()) + ":" + Json.of(one.getValue().unwrapped()))
          .collect(Collectors.joining(",\n", Json.of(name) + ":{", "}"));
    }

    private static Map<String, ConfigObject> objects(Map<String, Section> sections) {
      Map<String, ConfigObject> objects = new LinkedHashMap<>();
      sections.forEach((name, section) -> objects.put(name, section.object()));
      return objects;
    }

    Fleet fleet() {
      Secrets known =
          secrets.values().isEmpty() ? running.secrets() : new Secrets(secrets.values());
      PoolReader poolReader = new PoolReader(relays, known, problems);
      Map<String, PoolDefinition> madePools = new LinkedHashMap<>();
      pools.forEach(
          (name, section) -> {
            PoolDefinition pool = poolReader.read(name, section);
            if (pool != null) {
              madePools.put(name, pool);
            }
          });
      Set<String> poolNames = new TreeSet<>(pools.keySet());
      poolNames.addAll(running.pools().keySet());
      DefinitionReader definitionReader = new DefinitionReader(relays, known, poolNames, problems);
      definitionReader.shared(defaults, groups);
      definitions.forEach((name, section) -> add(definitionReader.read(name, section)));
      Section some = cluster;
      return new Fleet(
          made,
          madePools,
          known,
          settings(known),
          snapshot(),
          some == null
              ? Optional.empty()
              : Optional.ofNullable(new ClusterReader(problems, keep()).read(some)));
    }

    /** Beside the file, or where systemd has the service keep its state. */
    private String keep() {
      String state = environment.get("STATE_DIRECTORY");
      return state == null ? path + ".cluster" : state + "/" + path.getFileName() + ".cluster";
    }

    private void add(List<RelayDefinition> some) {
      for (RelayDefinition one : some) {
        RelayDefinition earlier = made.putIfAbsent(one.name(), one);
        if (earlier != null) {
          problems.add(
              one.origin(), "relay " + one.name() + " is there already, at " + earlier.origin());
        }
      }
    }

    private Optional<AdminSettings> settings(Secrets known) {
      return admin == null && metrics == null
          ? Optional.empty()
          : Optional.of(new AdminReader(relays, known, problems).read(admin, metrics));
    }

    private Optional<SnapshotSettings> snapshot() {
      Section section = snapshot;
      if (section == null) {
        return Optional.empty();
      }
      section.allow(Set.of("file", "every"));
      Duration every = section.duration("every").orElse(Duration.ofSeconds(10));
      if (every.compareTo(Duration.ofMillis(100)) < 0) {
        problems.add(section.origin("every"), "snapshot: every is less than 100ms");
      }
      Optional<String> file = section.text("file");
      if (file.isEmpty()) {
        problems.add(section.origin(), "snapshot: has no file");
      }
      return file.map(path -> new SnapshotSettings(path, every));
    }
  }
}
