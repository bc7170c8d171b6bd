package dev.sluice.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.endpoint.Opened;
import dev.sluice.option.OptionGroup;
import dev.sluice.spec.Problems;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * From an address as written to one that was understood, over three addresses that cannot be
 * opened.
 */
class CatalogTest {
  private record Fake(AddressDescriptor descriptor) implements AddressType {
    @Override
    public CompletionStage<? extends Opened> open(OpenContext context) {
      return CompletableFuture.failedFuture(OpenFailure.lasting("not to be opened"));
    }
  }

  private final Catalog catalog =
      new Catalog(
          List.of(
              new Fake(
                  AddressDescriptor.named("TCP-CONNECT")
                      .aka("TCP")
                      .takes(Parameter.required("host"), Parameter.required("port"))
                      .groups(OptionGroup.FD, OptionGroup.SOCKET, OptionGroup.TCP)),
              new Fake(AddressDescriptor.named("STDIO").withoutUsage()),
              new Fake(
                  AddressDescriptor.named("FD").takes(Parameter.required("fdnum")).withoutUsage()),
              new Fake(AddressDescriptor.named("GOPEN").takes(Parameter.required("filename"))),
              new Fake(AddressDescriptor.named("PIPE").takes(Parameter.optional("filename")))));

  private final Problems problems = new Problems();

  private Address address(String text) {
    AddressPair pair =
        Objects.requireNonNull(catalog.read(text, true, problems), problems::toString);
    return pair.first();
  }

  private List<String> wrong(String text) {
    assertNull(catalog.read(text, true, problems));
    return problems.messages();
  }

  @Test
  void findsInAnyCaseAndByAlias() {
    assertEquals("TCP-CONNECT", address("tcp:a:b").type().descriptor().keyword());
  }

  @Test
  void expandsShortForms() {
    assertEquals("STDIO", address("-").type().descriptor().keyword());
    assertEquals("FD", address("3").type().descriptor().keyword());
    assertEquals("3", address("3").parameter(0));
    assertEquals("./x", address("./x").parameter(0));
    assertEquals("GOPEN", address("./x").type().descriptor().keyword());
  }

  @Test
  void doesNotGuess() {
    assertEquals(List.of("unknown device/address \"99\""), wrong("99"));
  }

  @Test
  void countsParameters() {
    assertEquals(
        List.of("TCP: wrong number of parameters (1 instead of 2): usage: TCP:<host>:<port>"),
        wrong("TCP:x"));
  }

  @Test
  void countsParametersOfShortForms() {
    assertEquals(List.of("STDIO: wrong number of parameters (1 instead of 0)"), wrong("-:x"));
  }

  @Test
  void takesOptionalParameters() {
    assertEquals(0, address("PIPE").spec().parameters().size());
    assertEquals(1, address("PIPE:x").spec().parameters().size());
  }

  @Test
  void reportsEverythingAtOnce() {
    assertEquals(
        List.of(
            "TCP: wrong number of parameters (1 instead of 2): usage: TCP:<host>:<port>",
            "parseopts_table(): unknown option \"foo\"",
            "parseopts_table(): option \"fork\" not supported with this address type",
            "no value permitted for option \"cr\"",
            "unknown device/address \"nix\""),
        wrong("TCP:x,foo,fork,cr=1!!nix"));
  }

  @Test
  void checksGroupsOnlyWhenAsked() {
    assertNull(catalog.read("-,nodelay", true, problems));
    assertEquals(
        1,
        Objects.requireNonNull(catalog.read("-,nodelay", false, problems))
            .first()
            .options()
            .inOrder()
            .size());
  }

  @Test
  void saysWhyAnOptionIsMissingHere() {
    assertEquals(
        List.of("option \"noinherit\": exists on Cygwin only; use cloexec"), wrong("-,noinherit"));
  }
}
