package dev.sluice.addresses;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.OverflowStrategy;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.SourceQueueWithComplete;
import akka.util.ByteString;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.relay.Side;
import dev.sluice.testkit.DatagramPeer;
import dev.sluice.testkit.DescriptorPeer;
import dev.sluice.testkit.FilePeer;
import dev.sluice.testkit.Peer;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A side of a relay of each kind of channel, with the peer behind it. */
final class KindParties {
  /** What can be at the end of a relay. */
  enum Kind {
    TCP(true, true, false),
    UNIX(true, true, false),
    NAMED_PIPES(true, false, false),
    FILE(true, false, false),
    PTY(false, false, false),
    PROGRAM(true, true, false),
    TLS(true, true, false),
    UDP(true, false, true),
    UNIX_DATAGRAM(false, false, true),
    SEQPACKET(true, true, true),
    STREAMS(true, true, false),
    STANDARD_STREAMS(true, false, false);

    private final boolean endsInput;
    private final boolean tellsEnd;
    private final boolean packets;

    Kind(boolean endsInput, boolean tellsEnd, boolean packets) {
      this.endsInput = endsInput;
      this.tellsEnd = tellsEnd;
      this.packets = packets;
    }

    /** Whether the peer can end what the relay reads. */
    boolean endsInput() {
      return endsInput;
    }

    /** Whether the peer sees the end of what the relay writes. */
    boolean tellsEnd() {
      return tellsEnd;
    }

    /** Whether a write is a packet. */
    boolean hasPackets() {
      return packets;
    }

    /** Whether all that is read must be there before the relay is. */
    boolean isReadAtOnce() {
      return this == FILE;
    }
  }

  /**
   * One side.
   *
   * @param side what the relay opens
   * @param meeting gives the peer, once the relay runs
   * @param cleanup puts away what was made
   */
  record Party(Kind kind, Side side, Supplier<Peer> meeting, Runnable cleanup)
      implements AutoCloseable {
    @Override
    public void close() {
      cleanup.run();
    }
  }

  private final ActorSystem<?> system;
  private final Path folder;

  /**
   * Makes parties.
   *
   * @param system runs streams
   * @param folder for files, of this pair alone
   */
  KindParties(ActorSystem<?> system, Path folder) {
    this.system = system;
    this.folder = folder;
  }

  /**
   * A party.
   *
   * @param name of its files: no other party of the folder may have it
   */
  Party make(Kind kind, String name) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    return switch (kind) {
      case TCP -> {
        SocketServer server = SocketServer.on(loopback());
        yield served(kind, "TCP:127.0.0.1:" + server.address().port(), server);
      }
      case UNIX -> {
        Path path = own.resolve("s");
        yield served(kind, "UNIX-CONNECT:" + path, SocketServer.on(unix(path)));
      }
      case SEQPACKET -> {
        Path path = own.resolve("s");
        yield served(
            kind,
            "UNIX-CONNECT:" + path + ",type=5",
            SocketServer.on(unix(path), SocketCalls.SOCK_SEQPACKET));
      }
      case TLS -> {
        TlsPeer.Server server = new TlsPeer.Server();
        String address =
            "OPENSSL:127.0.0.1:" + server.port() + ",cafile=" + TlsPeer.file("localhost.crt");
        yield new Party(kind, Side.address(address), server::peer, server::close);
      }
      case UDP -> {
        DatagramPeer peer = DatagramPeer.on(loopback(), 17);
        int ours = unusedPort();
        String address = "UDP:127.0.0.1:" + peer.address().port() + ",bind=127.0.0.1:" + ours;
        yield new Party(
            kind, Side.address(address), () -> peer.connect(loopback(ours)), peer::close);
      }
      case UNIX_DATAGRAM -> {
        DatagramPeer peer = DatagramPeer.on(unix(own.resolve("theirs")), 0);
        Path ours = own.resolve("ours");
        yield new Party(
            kind,
            Side.address("UNIX-SENDTO:" + own.resolve("theirs") + ",bind=" + ours),
            () -> peer.connect(unix(awaited(ours))),
            peer::close);
      }
      case PTY -> {
        Path link = own.resolve("pty");
        yield new Party(
            kind,
            Side.address("PTY,rawer,link=" + link),
            () -> new DescriptorPeer(open(awaited(link), OpenFlags.RDWR | OpenFlags.NOCTTY)),
            () -> {});
      }
      case FILE -> {
        Path in = Files.createFile(own.resolve("in"));
        Path out = Files.createFile(own.resolve("out"));
        FilePeer reading = new FilePeer(in);
        FilePeer written = new FilePeer(out);
        yield new Party(
            kind,
            Side.address("OPEN:" + in + ",rdonly!!OPEN:" + out + ",wronly"),
            () -> new TwoWays(written, reading),
            () -> {});
      }
      case NAMED_PIPES -> {
        Fd[] ends = pipes(own);
        yield lent(
            kind,
            "OPEN:" + own.resolve("in") + ",rdonly!!OPEN:" + own.resolve("out") + ",wronly",
            ends);
      }
      case PROGRAM -> {
        Fd[] ends = pipes(own);
        // Nobody but the first cat holds the pipe that the relay reads.
        yield lent(
            kind, "SYSTEM:\"cat <in & exec >/dev/null; cat >out; wait\",pipes,chdir=" + own, ends);
      }
      case STANDARD_STREAMS -> {
        Fd[] in = LibC.pipe(0);
        Fd[] out = LibC.pipe(0);
        in[0].setCloseOnExec(false);
        out[1].setCloseOnExec(false);
        yield new Party(
            kind,
            Side.address("FD:" + in[0] + "!!FD:" + out[1]),
            () -> new DescriptorPeer(out[0], in[1]),
            () -> { // the relay closes the other two
              in[1].close();
              out[0].close();
            });
      }
      case STREAMS -> streams();
    };
  }

  private static Party served(Kind kind, String address, SocketServer server) {
    return new Party(kind, Side.address(address), server::accept, server::close);
  }

  private static Party lent(Kind kind, String address, Fd[] ends) {
    return new Party(
        kind,
        Side.address(address),
        () -> new DescriptorPeer(ends[1], ends[0]),
        () -> {
          ends[0].close();
          ends[1].close();
        });
  }

  /** Two named pipes; our end of the one that is read holds a reader too, so nobody waits. */
  private static Fd[] pipes(Path folder) {
    for (String name : new String[] {"in", "out"}) {
      LibC.check(FileCalls.mkfifo(folder.resolve(name).toString(), 0600), "mkfifo()");
    }
    return new Fd[] {
      open(folder.resolve("in"), OpenFlags.RDWR),
      open(folder.resolve("out"), OpenFlags.RDONLY | OpenFlags.NONBLOCK)
    };
  }

  /** The right address opens after the session has begun. */
  private static Path awaited(Path path) {
    long end = System.nanoTime() + RelayExtension.PATIENCE.toNanos();
    while (!Files.exists(path)) {
      if (System.nanoTime() > end) {
        throw new AssertionError("no " + path);
      }
      LockSupport.parkNanos(1_000_000);
    }
    return path;
  }

  private static Fd open(Path path, int flags) {
    return FileCalls.open(path.toString(), flags, 0);
  }

  private Party streams() {
    Pair<SourceQueueWithComplete<ByteString>, Source<ByteString, akka.NotUsed>> in =
        Source.<ByteString>queue(64, OverflowStrategy.backpressure()).preMaterialize(system);
    CompletableFuture<SinkQueueWithCancel<ByteString>> out = new CompletableFuture<>();
    Sink<ByteString, CompletionStage<Done>> sink =
        Flow.<ByteString>create()
            .watchTermination((none, done) -> done)
            .toMat(
                Sink.queue(1),
                (done, queue) -> {
                  out.complete(queue);
                  return done;
                });
    return new Party(
        Kind.STREAMS,
        Side.of(in.second(), sink),
        () -> new StreamPeer(in.first(), RelayExtension.await(out)),
        () -> {});
  }

  private static SocketAddressBytes loopback() {
    return loopback(0);
  }

  private static SocketAddressBytes loopback(int port) {
    return SocketAddressBytes.of(InetAddress.getLoopbackAddress(), port);
  }

  private static SocketAddressBytes unix(Path path) {
    return SocketAddressBytes.ofUnix(path.toString(), false, true);
  }

  private static int unusedPort() {
    try (DatagramPeer peer = DatagramPeer.on(loopback(), 17)) {
      return peer.address().port();
    }
  }

  /** Receives from one peer, sends by another. */
  private record TwoWays(Peer receiving, Peer sending) implements Peer {
    @Override
    public void send(byte[] bytes) {
      sending.send(bytes);
    }

    @Override
    public byte[] receive(int count) {
      return receiving.receive(count);
    }

    @Override
    public void receiveEnd() {
      receiving.receiveEnd();
    }

    @Override
    public void endOutput() {
      sending.endOutput();
    }

    @Override
    public void close() {
      sending.close();
      receiving.close();
    }
  }

  /** The other end of a user's own streams. */
  private static final class StreamPeer implements Peer {
    private final SourceQueueWithComplete<ByteString> in;
    private final SinkQueueWithCancel<ByteString> out;
    private final List<ByteString> rest = new ArrayList<>();

    private StreamPeer(
        SourceQueueWithComplete<ByteString> in, SinkQueueWithCancel<ByteString> out) {
      this.in = in;
      this.out = out;
    }

    @Override
    public void send(byte[] bytes) {
      RelayExtension.await(in.offer(ByteString.fromArray(bytes)));
    }

    @Override
    public byte[] receive(int count) {
      ByteString all = rest.isEmpty() ? ByteString.emptyByteString() : rest.remove(0);
      while (all.size() < count) {
        all =
            all.concat(
                RelayExtension.await(out.pull())
                    .orElseThrow(() -> new AssertionError("the stream ends too early")));
      }
      if (all.size() > count) {
        rest.add(all.drop(count));
      }
      return all.take(count).toArray();
    }

    @Override
    public void receiveEnd() {
      Optional<ByteString> more = RelayExtension.await(out.pull());
      if (!rest.isEmpty() || more.isPresent()) {
        throw new AssertionError("bytes arrive where the data should end");
      }
    }

    @Override
    public void endOutput() {
      in.complete();
    }

    @Override
    public void close() {
      in.complete();
      out.cancel();
    }
  }
}
