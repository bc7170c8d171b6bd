package dev.sluice.addresses.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.os.SocketAddressBytes;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a name may lead, and where only a network or {@code *} opens the way. */
class TargetRulesTest {
  private static final TargetPattern NAMES = new TargetPattern("*.example.com", null, 0, 0, 65535);
  private static final TargetPattern ANYTHING = new TargetPattern("*", null, 0, 0, 65535);

  private static TargetPattern network(String address, int bits) throws Exception {
    return new TargetPattern(null, InetAddress.getByName(address), bits, 0, 65535);
  }

  private static SocketAddressBytes at(String address) throws Exception {
    return SocketAddressBytes.of(InetAddress.getByName(address), 80);
  }

  private static boolean permits(TargetPattern allow, String address) throws Exception {
    return new TargetRules(List.of(allow), List.of(), false).permits("x.example.com", at(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b:1::127.0.0.1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "64:ff9b::a9fe:a9fe",
        "169.254.169.254",
        "fe80::1",
        "224.0.0.1",
        "ff02::1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "64:ff9b::6464:64c8"
      })
  void aNameLeadsNeitherToThisHostNorToItsLinks(String address) throws Exception {
    assertFalse(permits(NAMES, address));
    assertTrue(permits(ANYTHING, address));
    InetAddress connected = TargetPlace.of(InetAddress.getByName(address)).address();
    assertTrue(permits(network(connected.getHostAddress(), 8), address));
    assertFalse(new TargetRules(List.of(), List.of(), true).permits("a", at(address)));
    assertTrue(new TargetRules(List.of(), List.of(), false).permits("a", at(address)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "10.99.98.97", "2001:db8::1", "64:ff9b::192.0.2.1"})
  void aNameLeadsElsewhere(String address) throws Exception {
    assertTrue(permits(NAMES, address));
    assertTrue(new TargetRules(List.of(), List.of(), true).permits("a", at(address)));
  }

  /** A way through a gateway is no way around a denied network. */
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, true",
    "::ffff:10.0.0.1, true",
    "::10.0.0.1, true",
    "64:ff9b::10.0.0.1, true",
    "2002:a00:1::, true",
    "64:ff9b::11.0.0.1, false",
    "2001:db8::a00:1, false"
  })
  void aDeniedNetworkIsDeniedInAnyForm(String address, boolean denied) throws Exception {
    TargetRules rules = new TargetRules(List.of(), List.of(network("10.0.0.0", 8)), false);
    assertEquals(!denied, rules.permits("a", at(address)));
  }

  @Test
  void aNameDoesNotLeadToAnAddressOfThisHost() throws Exception {
    List<InetAddress> own =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    assumeTrue(!own.isEmpty(), "needs an address");
    for (InetAddress address : own) {
      assertFalse(permits(NAMES, address.getHostAddress()));
      assertTrue(permits(ANYTHING, address.getHostAddress()));
    }
  }
}
