package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ConnectorIndex;
import dev.sluice.option.Effect;
import dev.sluice.option.Option;
import dev.sluice.spec.Problems;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** An option that nothing reads would be accepted and ignored. */
class OptionRowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice");

  /** They have a row that says why. */
  private static final Set<String> REFUSED = Set.of("openssl-dhparam");

  @Test
  void whatIsRefusedIsRefused() {
    for (String name : REFUSED) {
      Problems problems = new Problems();
      assertNull(Catalog.load().read("OPENSSL:localhost:1," + name + "=x", true, problems));
      assertTrue(problems.toString().contains(name), problems.toString());
    }
  }

  /** The rows that are fields, by the option. */
  private static Set<JavaField> rows() {
    return CLASSES.stream()
        .flatMap(type -> type.getFields().stream())
        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
        .filter(field -> field.getRawType().isEquivalentTo(Option.class))
        .collect(Collectors.toSet());
  }

  private static Option<?> value(JavaField field) throws ReflectiveOperationException {
    Field reflected = field.reflect();
    reflected.setAccessible(true);
    return (Option<?>) reflected.get(null);
  }

  private static boolean isRead(JavaField field) {
    JavaClass table = field.getOwner();
    return field.getAccessesToSelf().stream()
        .anyMatch(
            access ->
                !access.getOriginOwner().equals(table)
                    || !access.getOrigin().getName().equals("<clinit>"));
  }

  @Test
  void everyRowThatActsByBeingReadIsRead() throws ReflectiveOperationException {
    Set<String> ignored = new TreeSet<>();
    for (JavaField field : rows()) {
      Option<?> option = value(field);
      if (option.effect() instanceof Effect.Setting && !isRead(field)) {
        ignored.add(option.name());
      }
    }
    assertEquals(REFUSED, ignored, "accepted, and read by nobody");
  }

  /** The test above looks at fields: a row that is none would pass it unseen. */
  @Test
  void everyRowIsAField() throws ReflectiveOperationException {
    Set<Option<?>> fields = new HashSet<>();
    for (JavaField field : rows()) {
      fields.add(value(field));
    }
    List<String> others =
        Catalog.load(OptionRowsTest.class.getClassLoader()).types().stream()
            .filter(type -> !ConnectorIndex.belongs(type))
            .flatMap(type -> type.descriptor().ownOptions().stream())
            .filter(option -> option.effect() instanceof Effect.Setting)
            .filter(option -> !fields.contains(option))
            .map(Option::name)
            .toList();
    assertEquals(List.of(), others);
    assertTrue(fields.size() > 100, "fields are found");
  }
}
