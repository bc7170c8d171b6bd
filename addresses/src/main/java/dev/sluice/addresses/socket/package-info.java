/**
 * What address types over sockets share: names to addresses, sockets with their options,
 * connecting, listening, access checks.
 */
@NullMarked
package dev.sluice.addresses.socket;

import org.jspecify.annotations.NullMarked;
