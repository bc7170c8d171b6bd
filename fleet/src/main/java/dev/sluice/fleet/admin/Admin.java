package dev.sluice.fleet.admin;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.run.FleetRunner;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The admin API of a fleet, listening. */
public final class Admin {
  /** Bounds of what may be asked, and how Akka HTTP is to behave here. */
  private static final String SETTINGS =
      """
      akka.http.server {
        server-header = ""
        default-host-header = "sluice"
        request-timeout = infinite
        parsing { max-content-length = 64k, max-uri-length = 2k, max-header-count = 32, illegal-header-warnings = off }
      }
      """;

  private final Supplier<AdminApi> api;
  private final ActorSystem<?> system;
  private final AdminServer.Listening listening;
  private final Path socket;

  /** Held while the socket is ours. */
  private final FileChannel lock;

  private Admin(
      Supplier<AdminApi> api,
      ActorSystem<?> system,
      AdminServer.Listening listening,
      Path socket,
      FileChannel lock) {
    this.api = api;
    this.system = system;
    this.listening = listening;
    this.socket = socket;
    this.lock = lock;
  }

  /**
   * Listens on a second address, for those who know a token.
   *
   * @param tokens by what they allow; none where the address checks certificates of clients
   * @param hosts names that requests may call the fleet
   */
  public CompletionStage<String> listenRemotely(
      String address, Map<Access, String> tokens, List<String> hosts) {
    RemoteAccess access =
        new RemoteAccess(
            tokens,
            hosts.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
    return new AdminServer(system, (request, peer) -> api.get().answer(request, access))
        .listen(address)
        .address();
  }

  /** Listens on an address where anybody may read metrics and health. */
  public CompletionStage<String> listenForMetrics(String address) {
    return new AdminServer(system, (request, peer) -> api.get().answerMetrics(request))
        .listen(address)
        .address();
  }

  /**
   * The actor system's configuration with that of Akka HTTP, whose defaults are read from its jar.
   *
   * @param packaged Akka's own, where it was packaged with the program
   */
  public static Map<String, Object> configuration(Optional<Map<String, Object>> packaged) {
    Config own =
        packaged
            .map(some -> ConfigValueFactory.fromMap(some).toConfig())
            .orElseGet(() -> ConfigValueFactory.fromMap(RelaySystem.usedConfig()).toConfig());
    return ConfigFactory.parseString(SETTINGS)
        .withFallback(own)
        .withFallback(ConfigFactory.parseResources(Admin.class.getClassLoader(), "reference.conf"))
        .resolve()
        .root()
        .unwrapped();
  }

  /**
   * Listens on a UNIX socket. What a process that is gone has left there is removed; where another
   * one answers, or has locked {@code SOCKET.lock}, this fails.
   *
   * @param mode the socket's mode, in octal digits
   * @param others what users may do that are neither root nor the one that runs the fleet
   */
  public static Admin listen(
      Path socket,
      String mode,
      Access others,
      FleetRunner runner,
      FleetReader reader,
      EventLog events)
      throws IOException {
    FileChannel lock = take(socket);
    int user = ownUser();
    Live live = new Live(runner, events);
    // Akka HTTP is loaded with the first request: a fleet that nobody asks does without
    Supplier<AdminApi> api =
        new FirstUse<>(() -> new AdminApi(runner, reader, events, live, others, user));
    String quoted = socket.toString().replaceAll("[\\\\,:!\"'()\\[\\]{}]", "\\\\$0");
    return new Admin(
        api,
        runner.system(),
        new AdminServer(runner.system(), (request, peer) -> api.get().answer(request, peer))
            .listen("UNIX-LISTEN:" + quoted + ",fork,unlink-close=0,mode=" + mode),
        socket,
        lock);
  }

  /** Makes a value when it is first asked for, once. Thread-safe. */
  private static final class FirstUse<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private @Nullable T value;

    private FirstUse(Supplier<T> maker) {
      this.maker = maker;
    }

    @Override
    public synchronized T get() {
      T made = value;
      if (made == null) {
        made = maker.get();
        value = made;
      }
      return made;
    }
  }

  private static int ownUser() throws IOException {
    return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  /** Takes the socket's name for this process, as long as it lives, and removes what is there. */
  private static FileChannel take(Path socket) throws IOException {
    Path folder = socket.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    FileChannel lock =
        FileChannel.open(lockOf(socket), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null || isAnswered(socket)) {
        throw new IOException("another process answers there");
      }
      Files.deleteIfExists(socket);
      return lock;
    } catch (OverlappingFileLockException e) {
      lock.close();
      throw new IOException("this process listens there already", e);
    } catch (IOException e) {
      lock.close();
      throw e;
    }
  }

  private static Path lockOf(Path socket) {
    return socket.resolveSibling(socket.getFileName() + ".lock");
  }

  /** Whether a process that takes no lock listens there. */
  private static boolean isAnswered(Path socket) {
    if (!Files.exists(socket)) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false); // one that accepts no more would hold us up
      probe.connect(UnixDomainSocketAddress.of(socket));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Completed once it listens; fails when it can't. */
  public CompletionStage<String> bound() {
    return listening.address();
  }

  /** Listens no more, and removes the socket. */
  public void close() {
    listening.stop().shutdown();
    try {
      Files.deleteIfExists(socket);
      Files.deleteIfExists(lockOf(socket));
      lock.close();
    } catch (IOException e) {
      return; // the next one removes it
    }
  }
}
