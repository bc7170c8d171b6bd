/**
 * The admin API: HTTP over a UNIX socket, and what it says of a fleet. Nothing here knows the
 * verbs.
 */
@NullMarked
package dev.sluice.fleet.admin;

import org.jspecify.annotations.NullMarked;
