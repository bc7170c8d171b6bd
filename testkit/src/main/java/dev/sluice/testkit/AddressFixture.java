package dev.sluice.testkit;

import dev.sluice.endpoint.Direction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sets the scene for an address type: an address that can be opened, and the peer behind it.
 *
 * <p>A type that {@link EndpointContract} finds in the catalog and has no fixture for fails its
 * test.
 */
@FunctionalInterface
public interface AddressFixture {
  /**
   * Makes ready what the address needs.
   *
   * @param direction how it will be opened
   * @param folder for files, the test's own
   */
  Scene prepare(Direction direction, Path folder) throws IOException;

  /**
   * An address of this type that can't be opened, and what its error must name.
   *
   * @param folder for files, the test's own
   */
  default Optional<Failing> failing(Path folder) throws IOException {
    return Optional.empty();
  }

  /** Whether the address can be opened on this system; if not, only its error is looked at. */
  default boolean opens() {
    return true;
  }

  /** An address that needs what this system may lack; only its error is looked at. */
  static AddressFixture beyondThisSystem(Failing failing) {
    return new AddressFixture() {
      @Override
      public Scene prepare(Direction direction, Path folder) {
        throw new UnsupportedOperationException(failing.address());
      }

      @Override
      public boolean opens() {
        return false;
      }

      @Override
      public Optional<Failing> failing(Path folder) {
        return Optional.of(failing);
      }
    };
  }

  /** This fixture with an address that can't be opened. */
  default AddressFixture failingWith(Function<Path, Failing> failing) {
    AddressFixture opening = this;
    return new AddressFixture() {
      @Override
      public Scene prepare(Direction direction, Path folder) throws IOException {
        return opening.prepare(direction, folder);
      }

      @Override
      public Optional<Failing> failing(Path folder) {
        return Optional.of(failing.apply(folder));
      }
    };
  }

  /**
   * An address that can't be opened.
   *
   * @param address as a user writes it
   * @param named what the error has in it
   */
  record Failing(String address, String named) {}

  /** How an address and its peer are brought together. Called once the address is open or waits. */
  @FunctionalInterface
  interface Meeting {
    /**
     * The peer.
     *
     * @param localAddress where a listener listens, as its log line has it; empty for others
     */
    Peer meet(String localAddress) throws IOException;
  }

  /** What flows through an address in a test. */
  enum Bytes {
    /** The peer sends and receives, and can end its output. */
    WITH_PEER,
    /** As {@link #WITH_PEER}, but there is no telling the address that no more follows. */
    WITH_PEER_ENDLESS,
    /** The peer's greeting is all that can be read. */
    GREETING_ALONE,
    /** What is written comes back, in place of a peer. */
    ECHO,
    /** Nothing: the bytes of such an address are not the test's. */
    NONE
  }

  /**
   * What a fixture has made ready.
   *
   * @param address as a user writes it
   * @param meeting gives the peer; null when there is none
   * @param bytes what flows
   * @param greeting what the peer has sent by the time it is met
   * @param cleanup puts away what the fixture made
   */
  record Scene(
      String address, @Nullable Meeting meeting, Bytes bytes, String greeting, Runnable cleanup)
      implements AutoCloseable {
    /** An address with a peer. */
    public static Scene withPeer(String address, Meeting meeting, Runnable cleanup) {
      return new Scene(address, meeting, Bytes.WITH_PEER, "", cleanup);
    }

    /** An address that gives back what is written to it. */
    public static Scene echoing(String address) {
      return new Scene(address, null, Bytes.ECHO, "", () -> {});
    }

    /** An address that is only opened and closed. */
    public static Scene openOnly(String address) {
      return new Scene(address, null, Bytes.NONE, "", () -> {});
    }

    /** This scene with other bytes. */
    public Scene with(Bytes other) {
      return new Scene(address, meeting, other, greeting, cleanup);
    }

    /** This scene with a peer that sends first. */
    public Scene greeted(String first) {
      return new Scene(address, meeting, bytes, first, cleanup);
    }

    @Override
    public void close() {
      cleanup.run();
    }
  }
}
