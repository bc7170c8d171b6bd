package dev.sluice.fleet.file;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.sluice.fleet.model.Durations;
import dev.sluice.fleet.model.Origin;
import dev.sluice.pace.ByteSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One braced part of a file, read key by key. Whatever does not fit goes to the problems, with file
 * and line, and is read as if it were not there.
 *
 * @param what how messages name it, such as {@code relay web}
 */
record Section(ConfigObject object, String what, ProblemList problems) {
  Origin origin() {
    return ProblemList.origin(object.origin());
  }

  Origin origin(String key) {
    ConfigValue value = object.get(key);
    return value == null ? origin() : ProblemList.origin(value.origin());
  }

  /** Says which keys are known; every other one is a problem. */
  void allow(Set<String> known) {
    for (String key : new TreeSet<>(object.keySet())) {
      if (!known.contains(key)) {
        problems.add(
            origin(key),
            what + ": unknown key \"" + key + "\"",
            "known are " + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  /** A key that only exists, or not. */
  boolean has(String key) {
    ConfigValue value = object.get(key);
    return value != null && value.valueType() != ConfigValueType.NULL;
  }

  /** Whether the key has a plain value, and not a section or a list. */
  boolean isText(String key) {
    return has(key)
        && !(object.get(key) instanceof ConfigObject)
        && !(object.get(key) instanceof ConfigList);
  }

  private void wrong(String key, String expected) {
    ConfigValue value = object.get(key);
    String shown =
        value == null || value instanceof ConfigObject || value instanceof ConfigList
            ? ""
            : " \"" + value.unwrapped() + "\"";
    problems.add(origin(key), what + ": " + key + shown + " is not " + expected);
  }

  Optional<String> text(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    ConfigValue value = object.get(key);
    if (value == null || value instanceof ConfigObject || value instanceof ConfigList) {
      wrong(key, "a text");
      return Optional.empty();
    }
    return Optional.of(String.valueOf(value.unwrapped()));
  }

  Optional<Boolean> flag(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    switch (text.get()) {
      case "true", "on", "yes" -> {
        return Optional.of(true);
      }
      case "false", "off", "no" -> {
        return Optional.of(false);
      }
      default -> {
        wrong(key, "on or off");
        return Optional.empty();
      }
    }
  }

  Optional<Integer> count(String key) {
    Optional<String> text = text(key);
    if (text.isPresent() && !text.get().matches("\\d{1,9}")) {
      wrong(key, "a whole number");
      return Optional.empty();
    }
    return text.map(Integer::valueOf);
  }

  /** Bytes; 0 where nothing is said. */
  long size(String key) {
    Optional<String> text = text(key);
    OptionalLong size = text.isPresent() ? ByteSize.parse(text.get()) : OptionalLong.of(0);
    if (size.isEmpty()) {
      wrong(key, "a size from 1 byte to 1024G, such as 500K, 1.5M or 1GiB");
    }
    return size.orElse(0);
  }

  Optional<Duration> duration(String key) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Duration duration = Durations.parse(text.get());
    if (duration == null) {
      wrong(key, "a time with its unit, such as 500ms, 10s or 5m");
    }
    return Optional.ofNullable(duration);
  }

  /** Words: a list, or a text that is split at blanks. */
  Optional<List<String>> words(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    ConfigValue value = object.get(key);
    if (value == null || value instanceof ConfigObject) {
      wrong(key, "a text or a list");
      return Optional.empty();
    }
    if (!(value instanceof ConfigList list)) {
      String text = String.valueOf(value.unwrapped()).trim();
      return Optional.of(text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1)));
    }
    List<String> words = new ArrayList<>();
    for (ConfigValue one : list) {
      if (one instanceof ConfigObject || one instanceof ConfigList) {
        problems.add(
            ProblemList.origin(one.origin()), what + ": an element of " + key + " is not a text");
      } else {
        words.add(String.valueOf(one.unwrapped()));
      }
    }
    return Optional.of(words);
  }

  /** The section under a key. */
  @Nullable Section section(String key, String name) {
    if (!has(key)) {
      return null;
    }
    if (object.get(key) instanceof ConfigObject inner) {
      return new Section(inner, name, problems);
    }
    wrong(key, "a section in braces");
    return null;
  }

  /** All that stands under this section, by name, in the order in which it was written. */
  List<String> names() {
    Set<String> names = new LinkedHashSet<>();
    object.entrySet().stream()
        .sorted(
            (a, b) ->
                ProblemList.origin(a.getValue().origin())
                    .compareTo(ProblemList.origin(b.getValue().origin())))
        .forEach(entry -> names.add(entry.getKey()));
    return List.copyOf(names);
  }
}
