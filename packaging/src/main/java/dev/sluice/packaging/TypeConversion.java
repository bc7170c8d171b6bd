package dev.sluice.packaging;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes the code that makes a value of one type one of another, as far as a lambda may differ from
 * what it calls: casts, boxes, wider numbers. JLS 5.3 and {@link
 * java.lang.invoke.LambdaMetafactory} say which.
 */
final class TypeConversion {
  private static final Type OBJECT = Type.getObjectType("java/lang/Object");
  private static final Type NUMBER = Type.getObjectType("java/lang/Number");

  private final MethodVisitor code;

  TypeConversion(MethodVisitor code) {
    this.code = code;
  }

  /**
   * Converts what is on the stack.
   *
   * @param given its type
   * @param wanted the type to have
   * @param meant the type that it has in truth, where {@code given} is an erased one
   */
  void convert(Type given, Type wanted, Type meant) {
    if (wanted.getSort() == Type.VOID) {
      drop(given);
    } else if (given.getSort() == Type.VOID || (given.equals(wanted) && wanted.equals(meant))) {
      return;
    } else if (isPrimitive(given)) {
      fromPrimitive(given, wanted);
    } else {
      Type known = given;
      if (!isPrimitive(meant)) {
        cast(given, meant);
        known = meant;
      }
      fromReference(known, wanted);
    }
  }

  private void drop(Type given) {
    if (given.getSize() > 0) {
      code.visitInsn(given.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    }
  }

  private void fromPrimitive(Type given, Type wanted) {
    if (isPrimitive(wanted)) {
      widen(given, wanted);
      return;
    }
    Type inside = primitiveOf(wanted);
    Type boxed = inside == null ? given : inside;
    widen(given, boxed);
    Type box = boxOf(boxed);
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        box.getInternalName(),
        "valueOf",
        Type.getMethodDescriptor(box, boxed),
        false);
  }

  private void fromReference(Type given, Type wanted) {
    if (!isPrimitive(wanted)) {
      cast(given, wanted);
      return;
    }
    Type inside = primitiveOf(given);
    if (inside != null) {
      unbox(given, inside);
      widen(inside, wanted);
    } else {
      boolean number = wanted.getSort() != Type.BOOLEAN && wanted.getSort() != Type.CHAR;
      Type box = number && given.equals(NUMBER) ? NUMBER : boxOf(wanted);
      cast(given, box);
      unbox(box, wanted);
    }
  }

  private void cast(Type given, Type wanted) {
    if (!given.equals(wanted) && !wanted.equals(OBJECT)) {
      code.visitTypeInsn(Opcodes.CHECKCAST, wanted.getInternalName());
    }
  }

  private void unbox(Type box, Type primitive) {
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        box.getInternalName(),
        primitive.getClassName() + "Value",
        Type.getMethodDescriptor(primitive),
        false);
  }

  /** Whole numbers up to an int are ints to the JVM. */
  private void widen(Type given, Type wanted) {
    int from = Math.max(given.getSort(), Type.INT);
    int to = Math.max(wanted.getSort(), Type.INT);
    if (from == to) {
      return;
    }
    code.visitInsn(
        switch (from * 10 + to) {
          case Type.INT * 10 + Type.LONG -> Opcodes.I2L;
          case Type.INT * 10 + Type.FLOAT -> Opcodes.I2F;
          case Type.INT * 10 + Type.DOUBLE -> Opcodes.I2D;
          case Type.LONG * 10 + Type.FLOAT -> Opcodes.L2F;
          case Type.LONG * 10 + Type.DOUBLE -> Opcodes.L2D;
          case Type.FLOAT * 10 + Type.DOUBLE -> Opcodes.F2D;
          default -> throw new IllegalArgumentException(given + " is not widened to " + wanted);
        });
  }

  private static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }

  private static Type boxOf(Type primitive) {
    return Type.getObjectType(
        switch (primitive.getSort()) {
          case Type.BOOLEAN -> "java/lang/Boolean";
          case Type.CHAR -> "java/lang/Character";
          case Type.BYTE -> "java/lang/Byte";
          case Type.SHORT -> "java/lang/Short";
          case Type.INT -> "java/lang/Integer";
          case Type.LONG -> "java/lang/Long";
          case Type.FLOAT -> "java/lang/Float";
          case Type.DOUBLE -> "java/lang/Double";
          default -> throw new IllegalArgumentException(primitive + " has no box");
        });
  }

  private static @Nullable Type primitiveOf(Type box) {
    if (box.getSort() != Type.OBJECT) {
      return null;
    }
    return switch (box.getInternalName()) {
      case "java/lang/Boolean" -> Type.BOOLEAN_TYPE;
      case "java/lang/Character" -> Type.CHAR_TYPE;
      case "java/lang/Byte" -> Type.BYTE_TYPE;
      case "java/lang/Short" -> Type.SHORT_TYPE;
      case "java/lang/Integer" -> Type.INT_TYPE;
      case "java/lang/Long" -> Type.LONG_TYPE;
      case "java/lang/Float" -> Type.FLOAT_TYPE;
      case "java/lang/Double" -> Type.DOUBLE_TYPE;
      default -> null;
    };
  }
}
