package dev.sluice.addresses.tls;

import dev.sluice.addresses.socket.FirstPacket;
import dev.sluice.log.RelayLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * The exchange of cookies that DTLS begins with, without a session for who has not answered: RFC
 * 6347, section 4.2.1.
 *
 * <p>JSSE makes the cookie of a ClientHello from what is in it and a secret of the context. So an
 * engine that is thrown away afterwards tells the cookie of any hello, and nothing is kept of its
 * sender. A hello that brings the right one begins a session. There it comes after itself without
 * the cookie, so that the session's engine is where this exchange has ended. A cookie says nothing
 * of the sender's address, so each is good for one sender. Thread-safe.
 */
final class HelloCookies implements FirstPacket {
  /** Cookies that are remembered as used. */
  private static final int REMEMBERED = 4096;

  /** HelloVerifyRequests that a client may have had: more than one if our secret was changed. */
  private static final int MOST_REQUESTS = 4;

  private final TlsContext context;
  private final RelayLog log;
  private final HelloParts parts = new HelloParts();

  private final Map<ByteBuffer, String> used = new RecentMap<>(REMEMBERED);

  HelloCookies(TlsContext context, RelayLog log) {
    this.context = context;
    this.log = log;
  }

  @Override
  public Executor executor() {
    return HandshakeThreads.started();
  }

  @Override
  public Verdict judge(String sender, byte[] packet) {
    ClientHello hello = parts.add(sender, packet);
    if (hello == null || hello.number() > MOST_REQUESTS) {
      log.debug("a packet from %s is no whole ClientHello", sender);
      return Verdict.IGNORED;
    }
    byte[] answer = answer(hello.withoutCookie(0), sender);
    byte[] cookie = ClientHello.cookieOf(answer);
    if (cookie == null) { // an alert: no engine takes such a hello
      return answer.length == 0 ? Verdict.IGNORED : Verdict.answered(answer);
    }
    if (!Arrays.equals(cookie, hello.cookie())) {
      return Verdict.answered(hello.numbered(answer));
    }
    if (!isGoodFor(sender, cookie)) {
      log.info("ignoring a ClientHello from %s with the cookie of another client", sender);
      return Verdict.IGNORED;
    }
    return Verdict.accepted(packets(hello));
  }

  private boolean isGoodFor(String sender, byte[] cookie) {
    synchronized (used) {
      String owner = used.putIfAbsent(ByteBuffer.wrap(cookie), sender);
      return owner == null || owner.equals(sender);
    }
  }

  /** The exchange as a session's engine has to hear it. */
  private static List<byte[]> packets(ClientHello hello) {
    List<byte[]> all = new ArrayList<>();
    for (int number = 0; number < hello.number(); number++) {
      all.add(hello.withoutCookie(number).packet());
    }
    all.add(hello.packet());
    return all;
  }

  /** What an engine answers to a hello; empty when that is nothing. */
  private byte[] answer(ClientHello hello, String sender) {
    TlsEngine engine = new TlsEngine(context.engine(null));
    ByteBuffer answer = ByteBuffer.allocate(engine.packetSize());
    try {
      engine.begin();
      engine.unwrap(ByteBuffer.wrap(hello.packet()), ByteBuffer.allocate(0));
      engine.runTasks();
      wrap(engine, answer);
    } catch (SSLException | RuntimeException e) {
      log.notice("SSL_accept(): %s: %s", sender, TlsAlert.renamed(String.valueOf(e.getMessage())));
      try {
        wrap(engine, answer);
      } catch (SSLException gone) {
        log.debug("no alert: %s", gone);
      }
    }
    return Arrays.copyOf(answer.array(), answer.position());
  }

  private static void wrap(TlsEngine engine, ByteBuffer answer) throws SSLException {
    if (engine.status() == HandshakeStatus.NEED_WRAP) {
      engine.wrapNothing(answer);
    }
  }
}
