package dev.sluice.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class LambdaClassesTest {
  /** Has lambdas of several kinds. */
  public static final class Subject implements Supplier<Object[]> {
    private final String mine = "?";

    private static Object[] array(Object... elements) {
      return elements;
    }

    private String own(Object text) {
      return text + mine;
    }

    private static int twice(int number) {
      return 2 * number;
    }

    @Override
    public Object[] get() {
      String suffix = "!";
      long large = 1L << 40;
      double half = 0.5;
      Function<String, String> cast =
          (Function<String, String> & Serializable) text -> text + suffix;
      akka.japi.function.Function<String, String> akka = text -> text + suffix;
      Function<Object, String> own = this::own;
      Callable<String> nothing = () -> "nothing";
      ToLongFunction<Integer> wider = Integer::intValue;
      IntToLongFunction wide = Subject::twice;
      ToDoubleFunction<Float> unboxed = number -> number + half + large;
      IntFunction<Integer> boxed = Subject::twice;
      Function<Integer, Object> through = Subject::twice;
      Supplier<StringBuilder> made = StringBuilder::new;
      IntFunction<String[]> arrays = String[]::new;
      BinaryOperator<Integer> sum = Integer::sum;
      Runnable dropped = () -> own(suffix);
      Comparable<String> comparable = text -> suffix.compareTo(text);
      return array(
          cast,
          akka,
          own,
          nothing,
          wider,
          wide,
          unboxed,
          boxed,
          through,
          made,
          arrays,
          sum,
          dropped,
          comparable);
    }
  }

  /** As Scala has its traits: a lambda in an interface, which calls a private method of it. */
  public interface InInterface {
    private static String text() {
      return "private";
    }

    static Supplier<String> supplier() {
      return InInterface::text;
    }
  }

  private static byte[] bytes(String className) throws IOException {
    String resource = "/" + className.replace('.', '/') + ".class";
    try (InputStream in = LambdaClassesTest.class.getResourceAsStream(resource)) {
      return Objects.requireNonNull(in, resource).readAllBytes();
    }
  }

  private static Map<String, byte[]> changed(Class<?>... classes) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (Class<?> type : classes) {
      files.put(type.getName().replace('.', '/') + ".class", bytes(type.getName()));
    }
    LambdaClasses.change(files);
    return files;
  }

  /** Has some classes of its own in place of those that others know. */
  private static final class Definer extends ClassLoader {
    private final Map<String, byte[]> files;

    private Definer(Map<String, byte[]> files) {
      super(LambdaClassesTest.class.getClassLoader());
      this.files = new HashMap<>(files);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] file = files.remove(name.replace('.', '/') + ".class");
      return file == null
          ? super.loadClass(name, resolve)
          : defineClass(name, file, 0, file.length);
    }
  }

  private static Object[] lambdas() throws Exception {
    Definer definer = new Definer(changed(LambdaClassesTest.class, Subject.class));
    Class<?> type = definer.loadClass(Subject.class.getName());
    assertSame(definer, type.getClassLoader());
    return ((Supplier<?>) type.getConstructor().newInstance()).get() instanceof Object[] made
        ? made
        : new Object[0];
  }

  @Test
  @SuppressWarnings("unchecked")
  void doWhatTheLambdasDid() throws Exception {
    Object[] made = lambdas();

    assertEquals("hi!", ((Function<String, String>) made[0]).apply("hi"));
    assertEquals("hi!", ((akka.japi.function.Function<String, String>) made[1]).apply("hi"));
    assertEquals("7?", ((Function<Object, String>) made[2]).apply(7));
    assertEquals("nothing", ((Callable<String>) made[3]).call());
    assertEquals(5L, ((ToLongFunction<Integer>) made[4]).applyAsLong(5));
    assertEquals(10L, ((IntToLongFunction) made[5]).applyAsLong(5));
    assertEquals(0x1p40 + 2, ((ToDoubleFunction<Float>) made[6]).applyAsDouble(1.5f));
    assertEquals(14, ((IntFunction<Integer>) made[7]).apply(7));
    assertEquals(14, ((Function<Integer, Object>) made[8]).apply(7));
    assertEquals("", ((Supplier<StringBuilder>) made[9]).get().toString());
    assertEquals(3, ((IntFunction<String[]>) made[10]).apply(3).length);
    assertEquals(3, ((BinaryOperator<Integer>) made[11]).apply(1, 2));
    ((Runnable) made[12]).run();
    assertEquals(0, ((Comparable<String>) made[13]).compareTo("!"));
  }

  @Test
  void areOrdinaryClassesWhereNobodyCanTell() throws Exception {
    Object[] made = lambdas();

    assertTrue(made[0].getClass().isHidden(), "its code makes it serializable");
    for (Object lambda : Arrays.asList(made).subList(1, made.length)) {
      assertFalse(lambda.getClass().isHidden(), lambda.getClass().getName());
    }
  }

  @Test
  void reachPrivateMethodsOfAnInterface() throws Exception {
    Definer definer = new Definer(changed(LambdaClassesTest.class, InInterface.class));
    Class<?> type = definer.loadClass(InInterface.class.getName());

    assertEquals("private", ((Supplier<?>) type.getMethod("supplier").invoke(null)).get());
  }

  @Test
  void leaveAClassAsItIsThatHasNone() throws Exception {
    Map<String, byte[]> files = changed(Definer.class);

    assertEquals(1, files.size());
    assertArrayEquals(bytes(Definer.class.getName()), List.copyOf(files.values()).get(0));
  }

  @Test
  void areMadeOfThoseOfScala() throws Exception {
    Map<String, byte[]> files = changed(akka.actor.ActorSystem.Settings.class);

    assertTrue(files.size() > 1, files.keySet()::toString);
  }
}
