package dev.sluice;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What each package of the engine knows nothing of; docs/architecture.md has the table. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class EngineWallsTest {
  private static final String OS = "dev.sluice.os..";
  private static final String LOG = "dev.sluice.log..";
  private static final String SPEC = "dev.sluice.spec..";
  private static final String OPTION = "dev.sluice.option..";
  private static final String FAULT = "dev.sluice.fault..";
  private static final String PACE = "dev.sluice.pace..";
  private static final String CATALOG = "dev.sluice.catalog..";
  private static final String ENDPOINT = "dev.sluice.endpoint..";
  private static final String STREAM = "dev.sluice.stream..";
  private static final String TRANSFER = "dev.sluice.transfer..";
  private static final String RELAY = "dev.sluice.relay..";

  /** Of the house's own packages, {@code of} knows those {@code known} and itself. */
  private static ArchRule knowsOnly(String of, String... known) {
    String[] allowed = java.util.Arrays.copyOf(known, known.length + 1);
    allowed[known.length] = of;
    return noClasses()
        .that()
        .resideInAPackage(of)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.sluice..")
                .and(resideOutsideOfPackages(allowed))
                .and(not(equivalentTo(Internal.class))));
  }

  @ArchTest static final ArchRule osKnowsNobody = knowsOnly(OS);
  @ArchTest static final ArchRule logKnowsNobody = knowsOnly(LOG);
  @ArchTest static final ArchRule faultsKnowPacesOnly = knowsOnly(FAULT, PACE);
  @ArchTest static final ArchRule pacesKnowNobody = knowsOnly(PACE);
  @ArchTest static final ArchRule specKnowsNobody = knowsOnly(SPEC);
  @ArchTest static final ArchRule optionsKnowNoAddress = knowsOnly(OPTION, OS, LOG, SPEC, FAULT);
  @ArchTest static final ArchRule endpointsKnowNoRelay = knowsOnly(ENDPOINT, OS, LOG, FAULT);

  @ArchTest
  static final ArchRule catalogKnowsNoRelay =
      knowsOnly(CATALOG, OS, LOG, SPEC, OPTION, ENDPOINT, FAULT);

  @ArchTest
  static final ArchRule streamsKnowEndpointsOnly = knowsOnly(STREAM, OS, ENDPOINT, FAULT, PACE);

  @ArchTest
  static final ArchRule transfersKnowEndpointsOnly =
      knowsOnly(TRANSFER, OS, ENDPOINT, STREAM, FAULT, PACE);

  @ArchTest
  static final ArchRule relayIsOnTop =
      classes()
          .that()
          .resideInAPackage(RELAY)
          .should()
          .onlyBeAccessed()
          .byAnyPackage(RELAY)
          .because("nothing in the engine stands above the actors");

  @ArchTest
  static final ArchRule specDoesNoInputOrOutput =
      noClasses()
          .that()
          .resideInAPackage(SPEC)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.io..", "java.nio.file..", "java.nio.channels..", "java.net..")
                  .and(not(equivalentTo(java.io.ByteArrayOutputStream.class))));

  @ArchTest
  static final ArchRule akkaStaysWhereItIsAtHome =
      noClasses()
          .that()
          .resideOutsideOfPackages(STREAM, RELAY)
          .and()
          .haveNameNotMatching("dev.sluice.endpoint.StreamChannel(\\$.*)?")
          .and()
          .haveNameNotMatching("dev.sluice.transfer.Stream(Pump|Transfers)(\\$.*)?")
          .and()
          .doNotHaveFullyQualifiedName("dev.sluice.transfer.TransferRuntime")
          .and()
          .doNotHaveFullyQualifiedName("dev.sluice.transfer.TransferPlan") // hands the one on
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "scala..");

  @ArchTest
  static final ArchRule nativeLibrariesStayInOs =
      noClasses()
          .that()
          .resideOutsideOfPackage(OS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.kenai.jffi..", "jnr..");

  @ArchTest
  static final ArchRule engineLogsThroughSlf4jAlone =
      noClasses().should().dependOnClassesThat().resideInAPackage("ch.qos.logback..");

  @ArchTest
  static final ArchRule nothingIsCalledUtil =
      noClasses().should().resideInAnyPackage("..util..", "..common..", "..helper..");

  @ArchTest
  static final ArchRule publicFieldsAreConstants = fields().that().arePublic().should().beFinal();

  /** It can't be cancelled, and on a machine of two processors each firing starts a thread. */
  @ArchTest
  static final ArchRule timeLimitsCanBeCancelled =
      noClasses()
          .should()
          .callMethod(CompletableFuture.class, "delayedExecutor", long.class, TimeUnit.class);
}
