package dev.sluice.option;

/**
 * What an address is made of, and so which options make sense for it. The order is the one of help
 * texts.
 */
public enum OptionGroup {
  FD,
  FIFO,
  CHR,
  BLK,
  REG,
  SOCKET,
  READLINE,
  NAMED,
  OPEN,
  EXEC,
  FORK,
  LISTEN,
  SHELL,
  CHILD,
  RETRY,
  TERMIOS,
  RANGE,
  PTY,
  PARENT,
  UNIX,
  IP4,
  IP6,
  INTERFACE,
  UDP,
  TCP,
  SOCKS,
  OPENSSL,
  /** Options about the process; every address takes them. */
  PROCESS,
  /** Options about the data; every address takes them. */
  APPL,
  HTTP,
  POSIXMQ,
  SCTP,
  DCCP,
  UDPLITE,
  /** Not socat's: what connects a byte stream. */
  CONNECTING,
  /** Not socat's: what takes connections that are byte streams. */
  ACCEPTING,
  /** Not socat's: a SOCKS server. */
  SOCKS_SERVER,
  /** Not socat's: an HTTP proxy. */
  HTTP_SERVER,
  /**
   * Options of no group in particular; every address takes them, and help texts show {@code (all)}.
   */
  ANY;

  /** Whether socat has no such group. */
  public boolean isOwn() {
    return this == CONNECTING || this == ACCEPTING || this == SOCKS_SERVER || this == HTTP_SERVER;
  }

  /** Whether every address takes options of this group. */
  public boolean isUniversal() {
    return this == PROCESS || this == APPL || this == ANY;
  }
}
