package dev.sluice.fleet.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a file says of the admin API.
 *
 * @param socket path of the UNIX socket that it listens on
 * @param mode the socket's mode, in octal digits
 * @param others what users may do that are neither root nor the one that runs the fleet: {@code
 *     none}, {@code read}, {@code operate} or {@code admin}
 * @param listen a second address that it listens on, for those who have the token
 * @param tokens the names of the secrets that they must know, by what they allow: {@code read},
 *     {@code operate} or {@code admin}; none where the address itself checks certificates
 * @param hosts names that requests over {@code listen} may call the fleet, besides numbers and
 *     localhost
 * @param metrics an address where anybody who reaches it may read metrics and health
 */
public record AdminSettings(
    Optional<String> socket,
    String mode,
    String others,
    Optional<String> listen,
    Map<String, String> tokens,
    List<String> hosts,
    Optional<String> metrics) {
  public static final AdminSettings DEFAULT =
      new AdminSettings(
          Optional.empty(),
          "0660",
          "read",
          Optional.empty(),
          Map.of(),
          List.of(),
          Optional.empty());
}
