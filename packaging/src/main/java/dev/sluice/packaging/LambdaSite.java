package dev.sluice.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * One place in a class file where a lambda is made; what its words mean is said by {@link
 * java.lang.invoke.LambdaMetafactory}.
 *
 * @param method the name of the method that the lambda implements
 * @param captured the types of what it captures
 * @param type the interface
 * @param erased types of the method as the interface has it, and of the bridges to it
 * @param instantiated its type as it is called
 * @param body what it calls
 * @param markers further interfaces, by internal names
 */
record LambdaSite(
    String method,
    Type[] captured,
    Type type,
    List<Type> erased,
    Type instantiated,
    Handle body,
    List<String> markers) {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final int SERIALIZABLE = 1;
  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;

  /** What is marked as serializable and no more. */
  private static final Set<String> HARMLESS = Set.of("java/io/Serializable", "scala/Serializable");

  /**
   * Reads a call of a factory.
   *
   * @return null if it makes no lambda, or one that is serializable because its code says so
   */
  static @Nullable LambdaSite of(String method, String site, Handle factory, Object... arguments) {
    if (!factory.getOwner().equals(FACTORY)) {
      return null;
    }
    List<Type> erased = new ArrayList<>(List.of((Type) arguments[0]));
    List<String> markers = new ArrayList<>();
    Type type = Type.getReturnType(site);
    Handle body = (Handle) arguments[1];
    if (factory.getName().equals("altMetafactory")) {
      int flags = (Integer) arguments[3];
      int next = 4;
      if ((flags & MARKERS) != 0) {
        for (int left = (Integer) arguments[next++]; left > 0; left--) {
          markers.add(((Type) arguments[next++]).getInternalName());
        }
      }
      if ((flags & BRIDGES) != 0) {
        for (int left = (Integer) arguments[next++]; left > 0; left--) {
          erased.add((Type) arguments[next++]);
        }
      }
      if ((flags & SERIALIZABLE) != 0 && !isNeverSerialized(type)) {
        return null;
      }
      markers.removeAll(HARMLESS);
    }
    if (body.getTag() == Opcodes.H_INVOKESPECIAL) {
      return null; // a call of what a superclass has: no other class may make it
    }
    return new LambdaSite(
        method,
        Type.getArgumentTypes(site),
        type,
        List.copyOf(erased),
        (Type) arguments[2],
        body,
        List.copyOf(markers));
  }

  /**
   * Functions of Scala and Akka are serializable by their type, wanted or not. Where javac makes a
   * lambda serializable, it also casts it to that, so most others stay as they are.
   */
  private static boolean isNeverSerialized(Type type) {
    String name = type.getInternalName();
    return name.startsWith("scala/Function")
        || name.startsWith("scala/runtime/java8/JFunction")
        || name.startsWith("akka/japi/function/");
  }
}
