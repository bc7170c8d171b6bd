/**
 * What address types over sockets share: names to addresses, sockets with their options,
 * connecting, listening, access checks.
 */
@Internal
@NullMarked
package dev.sluice.addresses.socket;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
