/**
 * The packaged tool from outside: processes started through bin/sluice, looked at by their bytes,
 * exit status and log, and where it makes sense set beside the same command line through Debian's
 * socat. Nothing here touches the classes under test.
 *
 * <p>{@link dev.sluice.cli.e2e.Tool} names the two programs, {@link dev.sluice.cli.e2e.Run} is one
 * running process, {@link dev.sluice.cli.e2e.SideBySide} plays a scenario through both and
 * compares, {@link dev.sluice.cli.e2e.Normalise} takes out of a log what may differ.
 */
@NullMarked
package dev.sluice.cli.e2e;

import org.jspecify.annotations.NullMarked;
