/**
 * What is done once, when the jar is built, so that no start has to do it again: see docs/adr/0012.
 * Run by Maven; nothing here is run by a relay.
 */
@NullMarked
package dev.sluice.cli.packaging;

import org.jspecify.annotations.NullMarked;
