/**
 * Reads fleet files into the model, and says what is wrong with them, with file and line. Nothing
 * here starts anything.
 */
@NullMarked
package dev.sluice.fleet.file;

import org.jspecify.annotations.NullMarked;
