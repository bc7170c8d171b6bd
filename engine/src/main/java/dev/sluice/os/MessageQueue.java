package dev.sluice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A POSIX message queue; on Linux it is a descriptor that can be polled. See mq_overview(7). Not
 * thread-safe.
 */
public final class MessageQueue {
  private static final int ATTRIBUTES_SIZE = 64;
  private static final int MAX_MESSAGES = 8;
  private static final int MESSAGE_SIZE = 16;
  private static final int CURRENT_MESSAGES = 24;

  private final Fd fd;
  private final NativeBuffer priority = NativeBuffer.allocate(4);

  /**
   * What a new queue can hold.
   *
   * @param maxMessages messages at once
   * @param messageSize bytes in a message
   */
  public record Limits(long maxMessages, long messageSize) {}

  /** Over an open descriptor. */
  public MessageQueue(Fd fd) {
    this.fd = fd;
  }

  /**
   * mq_open(3).
   *
   * @param flags as for open(2)
   * @param limits of a new queue; null for the system's defaults
   * @param call how errors show the call
   */
  public static MessageQueue open(
      String name, int flags, int mode, @Nullable Limits limits, String call) {
    NativeBuffer text = NativeBuffer.ofCString(name);
    NativeBuffer attributes = NativeBuffer.allocate(ATTRIBUTES_SIZE);
    if (limits != null) {
      attributes.putLong(MAX_MESSAGES, limits.maxMessages);
      attributes.putLong(MESSAGE_SIZE, limits.messageSize);
    }
    int fd =
        NativeCalls.call(
            "mq_open", text, flags | OpenFlags.CLOEXEC, mode, limits == null ? null : attributes);
    return new MessageQueue(Fd.owned(LibC.check(fd, call)));
  }

  /** mq_unlink(3); 0 or {@code -errno}. */
  public static int unlink(String name) {
    NativeBuffer text = NativeBuffer.ofCString(name);
    return NativeCalls.call("mq_unlink", text);
  }

  public Fd fd() {
    return fd;
  }

  /** Bytes in its largest message. */
  public int messageSize() {
    return (int) status().getLong(MESSAGE_SIZE);
  }

  /** Its attributes as log lines show them. */
  public String attributes() {
    NativeBuffer status = status();
    return String.format(
        "{ flags=%d, maxmsg=%d, msgsize=%d, curmsgs=%d }",
        status.getLong(0),
        status.getLong(MAX_MESSAGES),
        status.getLong(MESSAGE_SIZE),
        status.getLong(CURRENT_MESSAGES));
  }

  private NativeBuffer status() {
    NativeBuffer attributes = NativeBuffer.allocate(ATTRIBUTES_SIZE);
    LibC.check(
        NativeCalls.call("mq_getattr", fd.number(), attributes), "mq_getattr(mqd=" + fd + ")");
    return attributes;
  }

  /** The system's limits for queues that are made without any. */
  public static Limits defaults() {
    return new Limits(setting("msg_default"), setting("msgsize_default"));
  }

  private static long setting(String name) {
    try {
      // in one read: the kernel gives the rest of such a file to nobody
      return Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/mqueue", name)).get(0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** mq_receive(3); bytes received or {@code -errno}. */
  public int receive(long buffer, int length) {
    return NativeCalls.call("mq_receive", fd.number(), buffer, length, priority);
  }

  /** As {@link #receive(long, int)}, with room for as much as the buffer holds. */
  public int receive(NativeBuffer buffer) {
    return NativeCalls.call("mq_receive", fd.number(), buffer, buffer.capacity(), priority);
  }

  /** The priority of the message received last. */
  public int priority() {
    return priority.getInt(0);
  }

  /** mq_send(3); {@code length} or {@code -errno}. */
  public int send(long buffer, int length, int messagePriority) {
    int result = NativeCalls.call("mq_send", fd.number(), buffer, length, messagePriority);
    return result < 0 ? result : length;
  }
}
