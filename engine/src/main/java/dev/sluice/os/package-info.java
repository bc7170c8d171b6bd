/**
 * Every native call of Sluice, and the thin types over them: descriptors, socket addresses,
 * readiness, pipes, child processes.
 *
 * <p>Nothing here knows of addresses, actors or streams. All calls go through {@link
 * dev.sluice.os.LibC}, one class over jffi's invoker; errors are {@link dev.sluice.os.NativeError},
 * never a return code that a caller could forget. Text crosses the border as bytes: a Java {@code
 * char} stands for one byte (ISO 8859-1), so names in any encoding survive unchanged.
 */
@NullMarked
package dev.sluice.os;

import org.jspecify.annotations.NullMarked;
