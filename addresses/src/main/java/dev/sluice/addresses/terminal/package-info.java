/** What address types over terminals share. */
@Internal
@NullMarked
package dev.sluice.addresses.terminal;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
