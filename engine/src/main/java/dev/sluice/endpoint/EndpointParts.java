package dev.sluice.endpoint;

import dev.sluice.os.ChildProcess;
import dev.sluice.os.Fd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an endpoint is made of; changed only in a copy, before that is an endpoint. */
final class EndpointParts {
  @Nullable FdReader reader;
  @Nullable FdWriter writer;
  Boundary boundary = Boundary.STREAM;
  HalfClose halfClose = HalfClose.NONE;
  boolean pollable;
  boolean socket;
  boolean tcp;
  boolean shared;
  boolean closeOnly;
  boolean processed;
  DataOptions dataOptions = DataOptions.NONE;
  @Nullable ChildProcess child;
  @Nullable Duration idleLimit;
  Supplier<Map<String, String>> environment = Map::of;
  List<Endpoint> joined = List.of();
  @Nullable Greeting greeting;
  @Nullable TargetRequest request;
  Supplier<@Nullable ConnectionEnds> ends = () -> null;

  EndpointParts(@Nullable FdReader reader, @Nullable FdWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  EndpointParts(EndpointParts other) {
    this(other.reader, other.writer);
    boundary = other.boundary;
    halfClose = other.halfClose;
    pollable = other.pollable;
    socket = other.socket;
    tcp = other.tcp;
    shared = other.shared;
    closeOnly = other.closeOnly;
    processed = other.processed;
    dataOptions = other.dataOptions;
    child = other.child;
    idleLimit = other.idleLimit;
    environment = other.environment;
    joined = other.joined;
    greeting = other.greeting;
    request = other.request;
    ends = other.ends;
  }

  /** Of two endpoints that are one; one of them may be left out. */
  static EndpointParts joined(@Nullable Endpoint read, @Nullable Endpoint write) {
    List<Endpoint> both =
        Stream.of(Optional.ofNullable(read), Optional.ofNullable(write))
            .flatMap(Optional::stream)
            .toList();
    EndpointParts joined =
        new EndpointParts(
            read == null ? null : read.reader(), write == null ? null : write.writer());
    joined.joined = both;
    joined.pollable = both.stream().allMatch(part -> part.made().pollable);
    joined.boundary = read == null ? Boundary.STREAM : read.boundary();
    joined.halfClose = write == null ? HalfClose.NONE : write.halfClose();
    joined.dataOptions =
        DataOptions.joined(
            read == null ? DataOptions.NONE : read.dataOptions(),
            write == null ? DataOptions.NONE : write.dataOptions());
    joined.ends = read == null ? () -> null : read::ends;
    joined.environment =
        () -> {
          Map<String, String> all = new LinkedHashMap<>();
          both.forEach(part -> all.putAll(part.environment()));
          return all;
        };
    return joined;
  }

  /** Those of both halves, each once. */
  List<Fd> descriptors() {
    if (reader == null) {
      return writer == null ? List.of() : List.of(writer.fd());
    }
    return writer == null || writer.fd() == reader.fd()
        ? List.of(reader.fd())
        : List.of(reader.fd(), writer.fd());
  }

  /** The numbers of {@link #descriptors}. */
  Set<Integer> numbers() {
    return descriptors().stream()
        .map(Fd::number)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** {@code [read,write]}. */
  String shown() {
    List<Fd> fds = descriptors();
    return "[" + fds.get(0) + "," + fds.get(fds.size() - 1) + "]";
  }

  /** Keeps the numbers from being reused, until what this returns is run. */
  Runnable holdNumbers() {
    List<Fd> held = descriptors();
    held.forEach(Fd::hold);
    return () -> held.forEach(Fd::release);
  }

  /** The programs behind it: none, one, or one for each half. */
  List<ChildProcess> children() {
    if (joined.isEmpty()) {
      return child == null ? List.of() : List.of(child);
    }
    List<ChildProcess> all = new ArrayList<>(1);
    if (child != null) {
      all.add(child);
    }
    for (Endpoint part : joined) {
      part.children().stream().filter(c -> !all.contains(c)).forEach(all::add);
    }
    return all;
  }

  boolean isProcessed() {
    return processed || joined.stream().anyMatch(Endpoint::isProcessed);
  }
}
