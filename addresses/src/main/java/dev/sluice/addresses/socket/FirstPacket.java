package dev.sluice.addresses.socket;

import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a sender of datagrams must show before there is a session for it. Senders may be forged, so
 * nothing that costs much is kept of one that has shown nothing yet.
 */
public interface FirstPacket {
  /**
   * What becomes of a packet whose sender has no session.
   *
   * @param answer to be sent back; null for none
   * @param forSession what the session is to read first; empty when there is to be none
   */
  record Verdict(byte @Nullable [] answer, List<byte[]> forSession) {
    /** No session, no answer. */
    public static final Verdict IGNORED = new Verdict(null, List.of());

    /** The sender is to come again with what the answer says. */
    public static Verdict answered(byte[] answer) {
      return new Verdict(answer, List.of());
    }

    /** There is to be a session, which reads these packets first. */
    public static Verdict accepted(List<byte[]> packets) {
      return new Verdict(null, packets);
    }
  }

  /** Looks at a packet; computes, and waits for nobody. One at a time for each sender. */
  Verdict judge(String sender, byte[] packet);

  /** Where packets are looked at. */
  Executor executor();
}
