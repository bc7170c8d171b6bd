package dev.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a user of the engine may rely on names nothing that may change in any release. */
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class PublicApiTest {
  /** A class that is marked, or whose package is, or what it is nested in. */
  private static boolean isInternal(JavaClass type) {
    return type.isAnnotatedWith(Internal.class)
        || type.getPackage().isAnnotatedWith(Internal.class)
        || type.getEnclosingClass().map(PublicApiTest::isInternal).orElse(false);
  }

  private static boolean isPublic(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getEnclosingClass().map(PublicApiTest::isPublic).orElse(true);
  }

  private static final DescribedPredicate<JavaClass> OF_THE_API =
      DescribedPredicate.describe(
          "are public and not marked as internal", type -> isPublic(type) && !isInternal(type));

  private static boolean isVisible(JavaMember member) {
    return (member.getModifiers().contains(JavaModifier.PUBLIC)
            || member.getModifiers().contains(JavaModifier.PROTECTED))
        && !member.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !member.isAnnotatedWith(Internal.class);
  }

  /** All types that a method or field shows, those within {@code <>} too. */
  private static Set<JavaClass> shown(JavaMember member) {
    Stream<JavaClass> types =
        member instanceof JavaCodeUnit unit
            ? Stream.concat(
                unit.getReturnType().getAllInvolvedRawTypes().stream(),
                unit.getParameters().stream()
                    .map(JavaParameter::getType)
                    .flatMap(type -> type.getAllInvolvedRawTypes().stream()))
            : ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
    return types.map(JavaClass::getBaseComponentType).collect(Collectors.toSet());
  }

  private static final ArchCondition<JavaClass> SHOW_NOTHING_INTERNAL =
      new ArchCondition<>("show no type that is internal") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          for (JavaMember member : type.getMembers()) {
            if (!isVisible(member)) {
              continue;
            }
            for (JavaClass shown : shown(member)) {
              if (isInternal(shown) || (isOurs(shown) && !isPublic(shown))) {
                events.add(
                    SimpleConditionEvent.violated(
                        type, member.getFullName() + " shows " + shown.getName()));
              }
            }
          }
        }
      };

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.sluice");
  }

  @ArchTest
  static final ArchRule nothingInternalIsShown =
      classes().that(OF_THE_API).should(SHOW_NOTHING_INTERNAL);
}
