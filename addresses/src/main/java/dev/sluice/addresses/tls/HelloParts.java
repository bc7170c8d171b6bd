package dev.sluice.addresses.tls;

import dev.sluice.addresses.tls.ClientHello.Fragment;
import java.util.BitSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the parts of ClientHellos together. What is kept of senders is limited: of so many, and the
 * oldest gives way. A client whose parts are lost so sends them again. Thread-safe.
 */
final class HelloParts {
  /** Senders whose parts are kept: 2 MiB for the largest hellos. */
  private static final int MOST = 256;

  private final Map<String, Parts> bySender = new RecentMap<>(MOST);

  /** What has come of one message. */
  private static final class Parts {
    private final int number;
    private final byte[] body;
    private final BitSet there;

    Parts(Fragment first) {
      number = first.number();
      body = new byte[first.total()];
      there = new BitSet(body.length);
    }

    boolean fits(Fragment part) {
      return part.number() == number && part.total() == body.length;
    }

    boolean add(Fragment part) {
      System.arraycopy(part.content(), 0, body, part.offset(), part.content().length);
      there.set(part.offset(), part.offset() + part.content().length);
      return there.cardinality() == body.length;
    }
  }

  /** The hello that a datagram completes; null if it does not. */
  @Nullable ClientHello add(String sender, byte[] packet) {
    ClientHello complete = null;
    for (Fragment part : ClientHello.fragments(packet)) {
      ClientHello hello = part.isWhole() ? whole(part) : join(sender, part);
      complete = hello != null && hello.isComplete() ? hello : complete;
    }
    return complete;
  }

  private static ClientHello whole(Fragment part) {
    return new ClientHello(part.version(), part.number(), part.content());
  }

  private synchronized @Nullable ClientHello join(String sender, Fragment part) {
    Parts parts = bySender.get(sender);
    if (parts == null || !parts.fits(part)) {
      bySender.remove(sender); // so that the new ones are the youngest
      parts = new Parts(part);
      bySender.put(sender, parts);
    }
    if (!parts.add(part)) {
      return null;
    }
    bySender.remove(sender);
    return new ClientHello(part.version(), parts.number, parts.body);
  }
}
