package dev.sluice.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Which way imports run between the modules, seen from the one that has all of them. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class CliWallsTest {
  private static final String ADDRESSES = "dev.sluice.addresses..";
  private static final String CLI = "dev.sluice.cli..";
  private static final String CONNECTORS = "dev.sluice.connector..";
  private static final String FLEET = "dev.sluice.fleet..";
  private static final String CLUSTER = "dev.sluice.cluster..";

  @ArchTest
  static final ArchRule nobodyKnowsTheCommandLine =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLI);

  @ArchTest
  static final ArchRule addressesAreFoundNotNamed =
      noClasses()
          .that()
          .resideOutsideOfPackage(ADDRESSES)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(ADDRESSES)
          .because("the catalog finds them");

  @ArchTest
  static final ArchRule oneClassKnowsFleets =
      noClasses()
          .that()
          .resideOutsideOfPackages(FLEET, CLUSTER)
          .and()
          .doNotHaveSimpleName("FleetProgram")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(FLEET)
          .because("a relay of one line runs without the jars of fleets");

  @ArchTest
  static final ArchRule clustersAreFoundNotNamed =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLUSTER)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CLUSTER)
          .because("their jars are opened when a file asks for a cluster");

  @ArchTest
  static final ArchRule connectorsAreFoundNotNamed =
      noClasses()
          .that()
          .resideOutsideOfPackage(CONNECTORS)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(CONNECTORS)
          .because("their jars are loaded when their addresses are used");

  @ArchTest
  static final ArchRule connectorsKnowTheEngineAlone =
      noClasses()
          .that()
          .resideInAPackage(CONNECTORS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ADDRESSES, CLI, FLEET, "dev.sluice.relay..", "dev.sluice.transfer..", "jnr..");

  @ArchTest
  static final ArchRule connectorsDoNotKnowEachOther =
      slices()
          .matching("dev.sluice.connector.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(alwaysTrue(), resideInAPackage("dev.sluice.connector.kit.."));

  @ArchTest
  static final ArchRule packagesFormNoCircle =
      slices().matching("dev.sluice.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule helpAndErrorsNeedNoActors =
      noClasses()
          .that()
          .resideInAPackage(CLI)
          .and()
          .doNotHaveSimpleName("RelayProcess")
          .and()
          .doNotHaveSimpleName("Training")
          .and()
          .doNotHaveSimpleName("StartingActors")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "scala..")
          .because("-h, -V and mistakes in the command line start neither Akka nor native calls");

  @ArchTest
  static final ArchRule publicFieldsAreConstants = fields().that().arePublic().should().beFinal();
}
