package dev.sluice.fleet.model;

import java.util.Optional;

/**
 * What a file says of the admin API.
 *
 * @param socket path of the UNIX socket that it listens on
 * @param mode the socket's mode, in octal digits
 * @param others what users may do that are neither root nor the one that runs the fleet: {@code
 *     none}, {@code read}, {@code operate} or {@code admin}
 */
public record AdminSettings(Optional<String> socket, String mode, String others) {
  public static final AdminSettings DEFAULT = new AdminSettings(Optional.empty(), "0660", "read");
}
