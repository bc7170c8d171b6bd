package dev.sluice.endpoint;

import dev.sluice.log.RelayLog;
import dev.sluice.os.ChildProcess;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * An open address: what a session reads from, writes to, or both.
 *
 * <p>An {@link Endpoint} is descriptors, a {@link StreamChannel} is an Akka Streams source and
 * sink. Both obey the same options, timeouts, limits and counters. A session closes its channels
 * once.
 */
public sealed interface Channel extends Opened, AutoCloseable permits Endpoint, StreamChannel {
  /** Whether there is something to read from. */
  boolean isReadable();

  /** Whether there is something to write to. */
  boolean isWritable();

  /** Whether what is written in one piece is read in one piece. */
  Boundary boundary();

  /** What is done to its data. */
  DataOptions dataOptions();

  /** Variables for programs that are started later, without prefix. */
  Map<String, String> environment();

  /** The programs behind it. */
  List<ChildProcess> children();

  /** Whether several sessions use it at once: none of them ends or closes it. */
  boolean isShared();

  /** The name of the source in log lines. */
  String sourceName();

  /** {@code [read,write]}: both halves as the log line at the start of the transfer shows them. */
  String descriptors();

  /**
   * Agrees with the peer on what must be agreed on; at once when that is nothing, or has been done.
   * A channel whose greeting fails is closed.
   *
   * @param log speaks in the session's name
   */
  CompletionStage<? extends Channel> greet(RelayLog log);

  /** Whether something must be agreed on with the peer before it can be used. */
  boolean needsGreeting();

  /** The same channel with something more to do when it closes. */
  Channel onClose(Runnable action);

  /** Closes it because its session has failed; what was written is delivered. */
  void abandon();

  /**
   * Closes it because the data for it were cut off: the peer must not take what it has for all. TCP
   * sends a reset, TLS no close_notify, a stream fails.
   */
  void abort();

  @Override
  void close();
}
