package dev.sluice.option;

/**
 * When in the life of an address an option takes effect. Within a phase options act in written
 * order.
 */
public enum Phase {
  /** Settings of the relay itself; nothing is done to the address. */
  OFFSET,
  /** Belongs to one address type, which looks it up when it needs it. */
  SPECIFIC,
  INIT,
  EARLY,
  PREOPEN,
  OPEN,
  PASTOPEN,
  PRESOCKET,
  SOCKET,
  PASTSOCKET,
  PREBIGEN,
  BIGEN,
  PASTBIGEN,
  FD,
  PREBIND,
  BIND,
  PASTBIND,
  PRELISTEN,
  LISTEN,
  PASTLISTEN,
  PRECONNECT,
  CONNECT,
  PASTCONNECT,
  PREACCEPT,
  ACCEPT,
  PASTACCEPT,
  CONNECTED,
  PREFORK,
  FORK,
  PASTFORK,
  LATE,
  LATE2,
  PREEXEC,
  EXEC,
  PASTEXEC
}
