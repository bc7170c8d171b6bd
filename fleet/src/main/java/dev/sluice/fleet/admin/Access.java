package dev.sluice.fleet.admin;

/** What a peer may do. */
public enum Access {
  NONE,
  /** Look at everything. */
  READ,
  /** Start, stop and drain relays, end sessions. */
  OPERATE,
  /** Change the fleet. */
  ADMIN;

  boolean covers(Access needed) {
    return compareTo(needed) >= 0;
  }
}
