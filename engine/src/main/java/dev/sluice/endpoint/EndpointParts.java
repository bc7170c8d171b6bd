package dev.sluice.endpoint;

import dev.sluice.os.ChildProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
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
}
