/** What address types over programs share: the channel to a program, and how it is started. */
@NullMarked
package dev.sluice.addresses.program;

import org.jspecify.annotations.NullMarked;
