package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PlainLambdasTest {
  /** Has lambdas of several kinds. */
  public static final class Subject implements Supplier<Object[]> {
    private static Object[] array(Object... elements) {
      return elements;
    }

    @Override
    public Object[] get() {
      String suffix = "!";
      Function<String, String> cast =
          (Function<String, String> & Serializable) text -> text + suffix;
      akka.japi.function.Function<String, String> akka = text -> text + suffix;
      return array(cast, akka);
    }
  }

  private static byte[] bytes(String className) throws IOException {
    String resource = "/" + className.replace('.', '/') + ".class";
    try (InputStream in = PlainLambdasTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }

  /** Defines one class by itself. */
  private static final class Definer extends ClassLoader {
    private Definer() {
      super(PlainLambdasTest.class.getClassLoader());
    }

    private Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void changesWhereNobodyCanTell() throws Exception {
    byte[] before = bytes(Subject.class.getName());
    byte[] after = PlainLambdas.withPlainLambdas(before);
    assertFalse(Arrays.equals(before, after));

    Class<?> type = new Definer().define(after);
    Object[] made = ((Supplier<Object[]>) type.getConstructor().newInstance()).get();

    assertEquals("hi!", ((Function<String, String>) made[0]).apply("hi"));
    assertEquals("hi!", ((akka.japi.function.Function<String, String>) made[1]).apply("hi"));
    assertTrue(isSerializableByItself(made[0]), "its code casts it to that");
    assertFalse(isSerializableByItself(made[1]), "its type says that it is, and that is enough");
  }

  private static boolean isSerializableByItself(Object lambda) {
    return Arrays.stream(lambda.getClass().getDeclaredMethods())
        .anyMatch(method -> method.getName().equals("writeReplace"));
  }

  @Test
  void leavesAClassAsItIsThatHasNoneToChange() throws Exception {
    byte[] own = bytes(Definer.class.getName());

    assertArrayEquals(own, PlainLambdas.withPlainLambdas(own));
  }

  @Test
  void changesThoseOfScala() throws Exception {
    byte[] settings = bytes("akka.actor.ActorSystem$Settings");

    assertFalse(Arrays.equals(settings, PlainLambdas.withPlainLambdas(settings)));
  }
}
