/**
 * Address options as data: each is one row of {@link dev.sluice.option.Option}, in a table by
 * family.
 *
 * <p>A row says what the option is called, what value it takes, which addresses take it, when in
 * the life of an address it acts, and what it does ({@link dev.sluice.option.Effect}). Code reads
 * options through their row, never by name. Nothing here knows an address type.
 */
@NullMarked
package dev.sluice.option;

import org.jspecify.annotations.NullMarked;
