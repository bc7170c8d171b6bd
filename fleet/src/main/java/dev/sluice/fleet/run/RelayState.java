package dev.sluice.fleet.run;

import java.util.Locale;

/** What a relay of a fleet is doing. */
public enum RelayState {
  /** Waits for its turn to start. */
  WAITING,
  /** Opens its left address. */
  STARTING,
  /** Listens, or has a session. */
  RUNNING,
  /** Has failed or ended, and begins again after a while. */
  RETRYING,
  /** Takes no more sessions, and ends with the last one it has. */
  DRAINING,
  /** Was stopped by hand or is not enabled. */
  STOPPED,
  /** Another node of the cluster is to run it. */
  ELSEWHERE,
  /** Has ended, and is not to begin again. */
  ENDED;

  /** In the words of the API. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
