package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NativeBufferTest {
  private static final String WITH_NUL = "127.0.0.1\0.example.com";

  static Stream<Executable> waysToMakeACString() {
    return Stream.of(
        () -> NativeBuffer.ofCString(WITH_NUL),
        () -> NativeBuffer.ofCStrings(List.of("a", WITH_NUL)),
        () -> NetworkInterface.request(WITH_NUL),
        () -> SocketAddressBytes.ofUnix(WITH_NUL, false, true),
        () -> NameLookup.resolve(WITH_NUL, null, 0, 0, 0, 0),
        () -> FileCalls.unlink(WITH_NUL));
  }

  @ParameterizedTest
  @MethodSource("waysToMakeACString")
  void refusesTextOfWhichCWouldTakeAPart(Executable way) {
    NativeError refused = assertThrows(NativeError.class, way);
    assertEquals(
        "a NUL byte in \"127.0.0.1\\0.example.com\": Invalid argument", refused.getMessage());
  }

  @Test
  void abstractNamesMayHoldNulBytes() {
    byte[] bytes = SocketAddressBytes.ofUnix("a\0b", true, true).bytes();
    assertArrayEquals(new byte[] {0, 'a', 0, 'b'}, java.util.Arrays.copyOfRange(bytes, 2, 6));
  }

  @Test
  void endsTextWithOneNul() {
    assertEquals("abc", NativeBuffer.ofCString("abc").getCString());
    assertEquals(4, NativeBuffer.ofCString("abc").capacity());
  }
}
