package dev.sluice.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.option.Option;
import dev.sluice.option.OptionTable;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.NativeError;
import dev.sluice.os.ReadinessWait;
import dev.sluice.spec.Problem;
import dev.sluice.spec.Problems;
import dev.sluice.testkit.AddressFixture.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * The contract of every address type: a complete descriptor, precise errors, bytes in both
 * directions, half-close, and nothing left open.
 *
 * <p>A test class extends this and says how each type's scene is set.
 */
@Timeout(120)
public abstract class EndpointContract {
  private static final byte[] OUTWARD = "outward bytes\n".getBytes(StandardCharsets.ISO_8859_1);
  private static final byte[] INWARD = "inward\0\377\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private final Catalog catalog = Catalog.load();
  private final AddressOpening opening =
      new AddressOpening(
          catalog,
          EpollPoller.start("contract-poller"),
          Executors.newCachedThreadPool(
              work -> {
                Thread thread = new Thread(work, "contract-io");
                thread.setDaemon(true);
                return thread;
              }));

  /** The fixture of each canonical keyword. */
  protected abstract Map<String, AddressFixture> fixtures();

  /** Makes an empty folder for one scene. */
  protected abstract Path newFolder() throws IOException;

  @TestFactory
  List<DynamicContainer> everyAddressType() {
    return catalog.types().stream()
        .map(type -> dynamicContainer(type.descriptor().keyword(), tests(type)))
        .toList();
  }

  private List<DynamicNode> tests(AddressType type) {
    AddressDescriptor descriptor = type.descriptor();
    List<DynamicNode> tests = new ArrayList<>();
    tests.add(dynamicTest("is described", () -> isDescribed(type)));
    tests.add(dynamicTest("has an example that parses", () -> exampleParses(type)));
    tests.add(dynamicTest("refuses too many parameters", () -> refusesTooMany(descriptor)));
    tests.add(dynamicTest("refuses too few parameters", () -> refusesTooFew(descriptor)));
    tests.add(dynamicTest("refuses an unknown option", () -> refusesUnknownOption(descriptor)));
    tests.add(dynamicTest("refuses an option of others", () -> refusesForeignOption(descriptor)));
    if (descriptor.unavailableBecause() != null) {
      return tests;
    }
    tests.add(dynamicTest("says why it does not open", () -> saysWhyItDoesNotOpen(descriptor)));
    AddressFixture fixture = fixtures().get(descriptor.keyword());
    boolean opens = fixture == null || fixture.opens();
    for (Direction direction : Direction.values()) {
      if (opens && descriptor.direction().covers(direction)) {
        String words = " for " + direction.words();
        tests.add(dynamicTest("moves bytes" + words, () -> movesBytes(descriptor, direction)));
        if (direction.writes()) {
          tests.add(
              dynamicTest("ends its output" + words, () -> endsOutput(descriptor, direction)));
        }
        if (direction.reads()) {
          tests.add(dynamicTest("sees the end" + words, () -> seesEnd(descriptor, direction)));
          tests.add(
              dynamicTest("tells of what waits" + words, () -> tellsOfMore(descriptor, direction)));
        }
        tests.add(
            dynamicTest("leaves nothing open" + words, () -> leavesNothing(descriptor, direction)));
      }
    }
    return tests;
  }

  // --- descriptor

  private void isDescribed(AddressType type) {
    AddressDescriptor descriptor = type.descriptor();
    for (String name : descriptor.names()) {
      assertEquals(name.toUpperCase(Locale.ROOT), name);
      assertEquals(type, catalog.find(name.toLowerCase(Locale.ROOT)));
    }
    assertFalse(descriptor.summary().isBlank(), "no summary");
    assertFalse(descriptor.summary().contains("\n"), "a summary is one line");
    assertFalse(descriptor.description().isBlank(), "no description");
    assertFalse(descriptor.groups().isEmpty(), "no groups");
    assertFalse(descriptor.groupList().isBlank());
  }

  /** What is wrong with an address, without hints. */
  private List<String> problems(String text) {
    Problems problems = new Problems();
    Object read = catalog.read(text, true, problems);
    assertEquals(read == null, !problems.isEmpty(), problems::toString);
    return problems.all().stream().map(Problem::message).toList();
  }

  private void exampleParses(AddressType type) {
    String example = type.descriptor().example();
    assertEquals(List.of(), problems(example), example);
    AddressPair read = Objects.requireNonNull(catalog.read(example, true, new Problems()));
    assertEquals(type, read.first().type());
  }

  // --- mistakes in the address

  private static String withParameters(AddressDescriptor descriptor, int count) {
    return descriptor.keyword() + ":1".repeat(count);
  }

  private static int least(AddressDescriptor descriptor) {
    return (int) descriptor.parameters().stream().filter(p -> !p.optional()).count();
  }

  private void refusesTooMany(AddressDescriptor descriptor) {
    assertWrongNumber(descriptor, descriptor.parameters().size() + 1);
  }

  private void refusesTooFew(AddressDescriptor descriptor) {
    if (least(descriptor) > 0) {
      assertWrongNumber(descriptor, least(descriptor) - 1);
    }
  }

  private void assertWrongNumber(AddressDescriptor descriptor, int count) {
    List<String> messages = problems(withParameters(descriptor, count));
    assertEquals(1, messages.size(), messages::toString);
    String message = messages.get(0);
    String start = descriptor.keyword() + ": wrong number of parameters (" + count + " instead of ";
    assertTrue(message.startsWith(start), message);
    assertTrue(
        message.matches(
            ".*\\)([:;] usage: ("
                + descriptor.keyword()
                + ")?"
                + java.util.regex.Pattern.quote(descriptor.syntax())
                + ")?"),
        message);
  }

  private void refusesUnknownOption(AddressDescriptor descriptor) {
    assertEquals(
        List.of("parseopts_table(): unknown option \"no-such-option\""),
        problems(withParameters(descriptor, least(descriptor)) + ",no-such-option=1"));
  }

  private void refusesForeignOption(AddressDescriptor descriptor) {
    Optional<Option<?>> foreign =
        OptionTable.all().stream().filter(o -> !o.fits(descriptor.groups())).findFirst();
    String option = foreign.orElseThrow().name();
    assertEquals(
        List.of(
            "parseopts_table(): option \"" + option + "\" not supported with this address type"),
        problems(withParameters(descriptor, least(descriptor)) + "," + option));
  }

  // --- opening

  private AddressFixture fixture(AddressDescriptor descriptor) {
    AddressFixture fixture = fixtures().get(descriptor.keyword());
    if (fixture == null) {
      throw new AssertionError("add a fixture for " + descriptor.keyword());
    }
    return fixture;
  }

  private void saysWhyItDoesNotOpen(AddressDescriptor descriptor) throws Exception {
    Path folder = newFolder();
    Optional<AddressFixture.Failing> failing = fixture(descriptor).failing(folder);
    assumeTrue(failing.isPresent(), "nothing is known that fails");
    for (int round = 0; round < 2; round++) { // the first loads what is loaded once
      Descriptors before = Descriptors.now();
      List<Path> files = list(folder);
      Exception failure =
          assertThrows(
              Exception.class, () -> opening.open(failing.get().address(), descriptor.direction()));
      assertTrue(
          failure instanceof OpenFailure || failure instanceof NativeError, failure::toString);
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.contains(failing.get().named()), message);
      assertEquals(files, list(folder), "files are left behind");
      if (round > 0) {
        before.assertNothingNew();
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  // --- bytes

  private void movesBytes(AddressDescriptor descriptor, Direction direction) throws Exception {
    try (AddressFixture.Scene scene = fixture(descriptor).prepare(direction, newFolder());
        AddressOpening.Met met = opening.open(scene, direction)) {
      Endpoint endpoint = met.endpoint();
      assertTrue(!direction.reads() || endpoint.reader() != null, "can't be read");
      assertTrue(!direction.writes() || endpoint.writer() != null, "can't be written");
      if (direction.writes()) {
        sendsOutward(scene, met, direction);
      }
      readGreeting(scene, endpoint, direction);
      if (direction.reads() && hasPeer(scene) && scene.bytes() != Bytes.GREETING_ALONE) {
        Objects.requireNonNull(met.peer()).send(INWARD);
        assertArrayEquals(INWARD, EndpointBytes.read(endpoint, INWARD.length));
      }
    }
  }

  private static boolean hasPeer(AddressFixture.Scene scene) {
    return scene.meeting() != null && scene.bytes() != Bytes.NONE;
  }

  /** Whether anything can be written; writes it, and sees it arrive. */
  private static boolean sendsOutward(
      AddressFixture.Scene scene, AddressOpening.Met met, Direction direction) {
    if (hasPeer(scene)) {
      EndpointBytes.write(met.endpoint(), OUTWARD);
      assertArrayEquals(OUTWARD, Objects.requireNonNull(met.peer()).receive(OUTWARD.length));
      return true;
    } else if (scene.bytes() == Bytes.ECHO && direction == Direction.BOTH) {
      EndpointBytes.write(met.endpoint(), OUTWARD);
      assertArrayEquals(OUTWARD, EndpointBytes.read(met.endpoint(), OUTWARD.length));
      return true;
    }
    return false;
  }

  private static void readGreeting(
      AddressFixture.Scene scene, Endpoint endpoint, Direction direction) {
    byte[] greeting = scene.greeting().getBytes(StandardCharsets.ISO_8859_1);
    if (direction.reads() && greeting.length > 0) {
      assertArrayEquals(greeting, EndpointBytes.read(endpoint, greeting.length));
    }
  }

  private void endsOutput(AddressDescriptor descriptor, Direction direction) throws Exception {
    try (AddressFixture.Scene scene = fixture(descriptor).prepare(direction, newFolder());
        AddressOpening.Met met = opening.open(scene, direction)) {
      Endpoint endpoint = met.endpoint();
      assumeTrue(sendsOutward(scene, met, direction), "nobody to send to");
      assertNull(endpoint.endOutput());
      boolean tells = endpoint.halfClose() != HalfClose.NONE;
      if (scene.bytes() == Bytes.ECHO) {
        if (tells) {
          assertArrayEquals(new byte[0], EndpointBytes.readPiece(endpoint));
        }
        return;
      }
      Peer peer = Objects.requireNonNull(met.peer());
      if (tells) {
        peer.receiveEnd();
      }
      readGreeting(scene, endpoint, direction);
      if (direction.reads() && scene.bytes() != Bytes.GREETING_ALONE) {
        peer.send(INWARD);
        assertArrayEquals(
            INWARD, EndpointBytes.read(endpoint, INWARD.length), "the other half is as before");
      }
    }
  }

  private void seesEnd(AddressDescriptor descriptor, Direction direction) throws Exception {
    try (AddressFixture.Scene scene = fixture(descriptor).prepare(direction, newFolder());
        AddressOpening.Met met = opening.open(scene, direction)) {
      assumeTrue(hasPeer(scene) && scene.bytes() != Bytes.WITH_PEER_ENDLESS, "nobody ends");
      readGreeting(scene, met.endpoint(), direction);
      if (scene.bytes() == Bytes.WITH_PEER) {
        Peer peer = Objects.requireNonNull(met.peer());
        peer.send(INWARD);
        peer.endOutput();
        assertArrayEquals(INWARD, EndpointBytes.read(met.endpoint(), INWARD.length));
      }
      assertArrayEquals(new byte[0], EndpointBytes.readPiece(met.endpoint()));
    }
  }

  /**
   * A reader that keeps bytes back may give them while newer ones wait in its descriptor, whose
   * edge of readiness has passed: it has to say that there is more.
   */
  private void tellsOfMore(AddressDescriptor descriptor, Direction direction) throws Exception {
    try (AddressFixture.Scene scene = fixture(descriptor).prepare(direction, newFolder());
        AddressOpening.Met met = opening.open(scene, direction);
        ReadinessWait wait = new ReadinessWait()) {
      FdReader reader = Objects.requireNonNull(met.endpoint().reader());
      boolean mayKeep = scene.bytes() == Bytes.WITH_PEER && scene.meeting() != null;
      assumeTrue(mayKeep && !reader.canSplice(), "keeps nothing back");
      readGreeting(scene, met.endpoint(), direction);
      Peer peer = Objects.requireNonNull(met.peer());
      peer.send(INWARD);
      assertArrayEquals(new byte[] {INWARD[0]}, EndpointBytes.readPiece(met.endpoint(), 1));
      peer.send(INWARD);
      int fd = reader.fd().number();
      assertEquals(ReadinessWait.Result.READY, wait.awaitInput(fd, EndpointBytes.PATIENCE_MILLIS));
      EndpointBytes.readPiece(met.endpoint());
      assertTrue(
          wait.awaitInput(fd, 0) != ReadinessWait.Result.READY || reader.hasBuffered(),
          "there is more to read, and no edge will tell");
    }
  }

  private void leavesNothing(AddressDescriptor descriptor, Direction direction) throws Exception {
    openAndClose(descriptor, direction);
    Descriptors before = Descriptors.now();
    openAndClose(descriptor, direction);
    before.assertNothingNew();
  }

  private void openAndClose(AddressDescriptor descriptor, Direction direction) throws Exception {
    try (AddressFixture.Scene scene = fixture(descriptor).prepare(direction, newFolder())) {
      AddressOpening.Met met = opening.open(scene, direction);
      met.endpoint().close();
      met.endpoint().close();
      met.close();
    }
  }
}
