package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.Parameter;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.OptionGroup;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The layouts of help and version texts, over a small catalog. */
class HelpTextTest {
  private record Fake(AddressDescriptor descriptor) implements AddressType {
    @Override
    public CompletionStage<? extends Opened> open(OpenContext context) {
      return CompletableFuture.failedFuture(OpenFailure.lasting("not to be opened"));
    }
  }

  private static final Catalog CATALOG =
      new Catalog(
          List.of(
              new Fake(
                  AddressDescriptor.named("TCP-CONNECT")
                      .aka("TCP")
                      .takes(Parameter.required("host"), Parameter.required("port"))
                      .groups(
                          OptionGroup.TCP, OptionGroup.SOCKET, OptionGroup.FD, OptionGroup.IP4)),
              new Fake(
                  AddressDescriptor.named("SOCKS5-CONNECT")
                      .takes(
                          Parameter.required("socks-server"),
                          Parameter.optional("socks-port"),
                          Parameter.required("target-host"),
                          Parameter.required("target-port"))),
              new Fake(AddressDescriptor.named("STDIO").aka("-")),
              new Fake(AddressDescriptor.named("TUN").unavailable("no /dev/net/tun"))));

  private static List<String> help(int detail) {
    return HelpText.render(CATALOG, "socat", detail).lines().toList();
  }

  private static List<String> addresses(int detail) {
    List<String> lines = help(detail);
    int start = lines.indexOf("   address-head:") + 1;
    int end = lines.indexOf("   opts:");
    return lines.subList(start, end < 0 ? lines.size() : end);
  }

  @Test
  void beginsWithTheUsage() {
    assertEquals("Usage:", help(1).get(1));
    assertEquals("socat [options] <bi-address> <bi-address>", help(1).get(2));
    assertEquals("   options (general command line options):", help(1).get(3));
  }

  @Test
  void listsAddressesInColumns() {
    assertEquals(
        List.of(
            "      SOCKS5-CONNECT:<socks-server>[:<socks-port>]:<target-host>:<target-port>\tgroups=FD",
            "      STDIO\t\t\t\t\tgroups=FD",
            "      TCP-CONNECT:<host>:<port>\t\t\tgroups=FD,SOCKET,IP4,TCP",
            "      TUN\t\t\t\t\tgroups=FD"),
        addresses(1));
  }

  @Test
  void listsAliasesWhenAskedForEverything() {
    List<String> lines = addresses(3);
    assertEquals("      -\t\t\t\t\t\tis an alias name for STDIO", lines.get(0));
    assertTrue(lines.contains("      TCP\t\t\t\t\tis an alias name for TCP-CONNECT"));
    assertEquals(
        "         <filename> is a short form for gopen:<filename>", lines.get(lines.size() - 1));
  }

  @Test
  void listsOptionsByShortName() {
    assertFalse(help(1).contains("   opts:"));
    List<String> lines = help(2);
    assertTrue(lines.contains("      acceptconn\tgroups=SOCKET\t\tphase=PASTSOCKET\ttype=INT"));
    assertTrue(lines.contains("      cr\t\tgroups=APPL\t\tphase=LATE\t\ttype=CONST"));
    assertFalse(lines.stream().anyMatch(line -> line.startsWith("      so-acceptconn\t")));
  }

  @Test
  void listsEveryNameWhenAskedForEverything() {
    List<String> lines = help(3);
    assertTrue(lines.contains("      acceptconn\tis an alias for so-acceptconn"));
    assertTrue(lines.contains("      so-acceptconn\tgroups=SOCKET\t\tphase=PASTSOCKET\ttype=INT"));
    assertTrue(
        lines.contains(
            "      ip-add-source-membership\tgroups=IP4,IP6\t\tphase=PASTSOCKET\ttype=IP-MREQ-SOURCE"));
  }

  @Test
  void versionNamesWhatIsThere() {
    LocalDateTime built = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    List<String> lines = VersionText.template(CATALOG, built).lines().toList();
    assertEquals("socat version 1.8.1.1 on 02 Jan 2026 03:04:05", lines.get(1));
    assertEquals("features:", lines.get(3));
    assertTrue(lines.contains("  #define WITH_TCP 1"));
    assertTrue(lines.contains("  #define WITH_IP4 1"));
    assertTrue(lines.contains("  #undef WITH_UDP"));
    assertTrue(lines.contains("  #undef WITH_TUN"), "known, but not to be had here");
    assertEquals("  #define WITH_DEFAULT_IPV 4", lines.get(lines.size() - 1));
  }

  @Test
  void versionNamesTheSystem() {
    String system = VersionText.render().lines().toList().get(2);
    assertTrue(system.startsWith("   running on Linux version "), system);
  }
}
