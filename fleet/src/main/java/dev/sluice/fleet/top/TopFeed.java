package dev.sluice.fleet.top;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Where {@code top} learns of a fleet, and what it asks of it. */
public interface TopFeed {
  /**
   * Follows the stream of {@code /v1/live}.
   *
   * @param query names and values
   * @param events told each event, on any thread
   * @param ended told why there are no more, unless it was closed
   */
  Stream follow(List<String> query, Consumer<Map<String, Object>> events, Consumer<String> ended);

  /** A stream that is followed until it is closed. */
  interface Stream extends AutoCloseable {
    @Override
    void close();
  }

  /** The newest points of {@code /v1/history} of a relay; null when they can't be had. */
  @Nullable Map<String, Object> history(String relay);

  /** Starts, stops or drains a relay; returns why that was refused, or null. */
  @Nullable String operate(String verb, String relay);
}
