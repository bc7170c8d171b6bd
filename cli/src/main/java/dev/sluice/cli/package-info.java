/**
 * The command line of socat: arguments, help and version texts, log lines, exit codes.
 *
 * <p>Everything else is in the engine; nothing depends on this package.
 */
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
