package dev.sluice.addresses;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.catalog.AddressType;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What address types know of the engine, and of each other. */
@AnalyzeClasses(
    packages = "dev.sluice.addresses",
    importOptions = ImportOption.DoNotIncludeTests.class)
class AddressWallsTest {
  @ArchTest
  static final ArchRule addressesDoNotKnowWhoRelaysThem =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.sluice.relay..",
              "dev.sluice.transfer..",
              "dev.sluice.stream..",
              "dev.sluice.cli..",
              "akka..");

  @ArchTest
  static final ArchRule nativeCallsGoThroughOs =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.kenai.jffi..", "jnr..", "ch.qos.logback..");

  @ArchTest
  static final ArchRule whatTypesShareKnowsNoType =
      noClasses()
          .that()
          .resideInAnyPackage("dev.sluice.addresses.*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.sluice.addresses");

  @ArchTest
  static final ArchRule typesAreInOneFolder =
      classes()
          .that()
          .implement(AddressType.class)
          .should()
          .resideInAPackage("dev.sluice.addresses");

  @ArchTest
  static final ArchRule nothingIsCalledUtil =
      noClasses().should().resideInAnyPackage("..util..", "..common..", "..helper..");

  @ArchTest
  static final ArchRule publicFieldsAreConstants =
      fields().that().arePublic().should().beFinal().allowEmptyShould(true);

  /** It can't be cancelled, and on a machine of two processors each firing starts a thread. */
  @ArchTest
  static final ArchRule timeLimitsCanBeCancelled =
      noClasses()
          .should()
          .callMethod(CompletableFuture.class, "delayedExecutor", long.class, TimeUnit.class);
}
