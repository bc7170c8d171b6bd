package dev.sluice.fleet;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What each part of a fleet knows nothing of. */
@AnalyzeClasses(packages = "dev.sluice.fleet", importOptions = ImportOption.DoNotIncludeTests.class)
class FleetWallsTest {
  @ArchTest
  static final ArchRule addressesAreFoundNotNamed =
      noClasses().should().dependOnClassesThat().resideInAPackage("dev.sluice.addresses..");

  @ArchTest
  static final ArchRule theModelIsPlainValues =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.fleet.model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..",
              "com.typesafe.config..",
              "picocli..",
              "java.nio.file..",
              "dev.sluice.fleet.file..",
              "dev.sluice.fleet.run..",
              "dev.sluice.fleet.verb..");

  @ArchTest
  static final ArchRule poolsAreNoActors =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.fleet.pool..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..",
              "com.typesafe.config..",
              "dev.sluice.fleet.file..",
              "dev.sluice.fleet.run..",
              "dev.sluice.fleet.verb..");

  @ArchTest
  static final ArchRule theFileStartsNothing =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.fleet.file..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..", "picocli..", "dev.sluice.fleet.run..", "dev.sluice.fleet.verb..");

  @ArchTest
  static final ArchRule theActorsKnowNeitherTheApiNorTheVerbs =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.fleet.run..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.sluice.fleet.admin..", "dev.sluice.fleet.verb..", "akka.http..");

  @ArchTest
  static final ArchRule verbsThatAskStartNoActors =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.fleet.verb..")
          .and()
          .doNotHaveSimpleName("RunVerb")
          .and()
          .doNotHaveSimpleName("LineVerb")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "dev.sluice.fleet.run..");

  @ArchTest
  static final ArchRule picocliStaysWithTheVerbs =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sluice.fleet.verb..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");
}
