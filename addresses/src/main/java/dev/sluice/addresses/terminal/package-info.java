/** What address types over terminals share. */
@NullMarked
package dev.sluice.addresses.terminal;

import org.jspecify.annotations.NullMarked;
