package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.typed.ActorSystem;
import com.typesafe.config.ConfigFactory;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ConnectorIndex;
import dev.sluice.option.Option;
import dev.sluice.relay.RelaySystem;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PackagedWriterTest {
  private static final Packaged TABLES = tables();

  private static Packaged tables() {
    ClassLoader loader =
        new ClassLoader(PackagedWriterTest.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String name) {
            byte[] file = PackagedWriter.write();
            return defineClass(name, file, 0, file.length);
          }
        };
    try {
      Constructor<? extends Packaged> constructor =
          loader.loadClass(Packaged.CLASS).asSubclass(Packaged.class).getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> keywords(Catalog catalog) {
    return catalog.types().stream().map(type -> type.descriptor().keyword()).toList();
  }

  /** What the index must say of an address of a connector, whose jar is not loaded. */
  private static List<String> texts(AddressType type) {
    AddressDescriptor descriptor = type.descriptor();
    List<String> texts =
        new ArrayList<>(
            List.of(
                descriptor.keyword() + descriptor.syntax() + " " + descriptor.names(),
                descriptor.direction() + " " + descriptor.boundary() + descriptor.groupList(),
                descriptor.summary() + descriptor.description() + descriptor.example()));
    for (Option<?> row : descriptor.ownOptions()) {
      texts.add(row + " " + row.aliases() + row.groups() + row.type().label() + row.phase());
      texts.add(row.help() + " " + row.source());
    }
    return texts;
  }

  @Test
  void knowsEveryAddressByEveryName() {
    Catalog whole = Catalog.load();
    Catalog lazy = Catalog.lazy(TABLES.addressTypes());

    for (AddressType type : whole.types()) {
      for (String name : type.descriptor().names()) {
        AddressType found = lazy.find(name);
        if (ConnectorIndex.belongs(type)) {
          assertEquals(texts(type), texts(Objects.requireNonNull(found, name)));
        } else {
          assertEquals(type.getClass(), found == null ? null : found.getClass(), name);
        }
        assertSame(found, lazy.find(name), "made once");
      }
    }
    assertNull(lazy.find("NONESUCH"));
    assertEquals(keywords(whole), keywords(Catalog.lazy(TABLES.addressTypes())));
  }

  @Test
  void hasTheConfigurationThatAnActorSystemNeeds() {
    ActorSystem<Void> system = RelaySystem.create("packaged", TABLES.configuration());
    try {
      assertEquals(256, system.settings().config().getInt("sluice.blocking-io.threads"));
      assertEquals(
          ConfigFactory.defaultReference().getDuration("akka.scheduler.tick-duration"),
          system.settings().config().getDuration("akka.scheduler.tick-duration"));
    } finally {
      system.terminate();
    }
  }

  @Test
  void hasTheTextOfTheVersion() {
    assertTrue(TABLES.versionText().contains("\nsocat version "), TABLES.versionText());
  }
}
