package dev.sluice.os;

import com.kenai.jffi.MemoryIO;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the C library's resolver asks name servers; every thread has its own state. See resolver(3).
 *
 * @param flags from the flags that the thread has, those that are to hold
 * @param retransmission seconds until a server is asked again; null leaves it
 * @param retries how often a server is asked; null leaves it
 * @param server the one IPv4 name server to ask; null leaves the system's
 */
public record Resolver(
    LongUnaryOperator flags,
    @Nullable Integer retransmission,
    @Nullable Integer retries,
    @Nullable SocketAddressBytes server) {
  // struct __res_state of the C library
  private static final int RETRANS = 0;
  private static final int RETRY = 4;
  private static final int OPTIONS = 8;
  private static final int SERVER_COUNT = 16;
  private static final int SERVERS = 20;
  private static final int SERVER_SIZE = 16;
  private static final int LENGTH = SERVERS + SERVER_SIZE;

  /** Looks names up under these settings, on the calling thread alone. */
  public <T> T during(Supplier<T> lookUp) {
    LibC.check(NativeCalls.call("__res_init", 0), "res_init()");
    long state = NativeCalls.pointer("__res_state");
    MemoryIO memory = MemoryIO.getInstance();
    byte[] before = new byte[LENGTH];
    memory.getByteArray(state, before, 0, LENGTH);
    memory.putLong(state + OPTIONS, flags.applyAsLong(memory.getLong(state + OPTIONS)));
    if (retransmission != null) {
      memory.putInt(state + RETRANS, retransmission);
    }
    if (retries != null) {
      memory.putInt(state + RETRY, retries);
    }
    if (server != null) {
      memory.putInt(state + SERVER_COUNT, 1);
      memory.putByteArray(state + SERVERS, server.bytes(), 0, SERVER_SIZE);
    }
    try {
      return lookUp.get();
    } finally {
      memory.putByteArray(state, before, 0, LENGTH);
    }
  }
}
