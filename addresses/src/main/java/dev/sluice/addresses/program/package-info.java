/** What address types over programs share: the channel to a program, and how it is started. */
@Internal
@NullMarked
package dev.sluice.addresses.program;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
