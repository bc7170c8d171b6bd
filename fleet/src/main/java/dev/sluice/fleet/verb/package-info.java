/** The verbs of {@code sluice fleet}: what a user types, and what is printed. */
@NullMarked
package dev.sluice.fleet.verb;

import org.jspecify.annotations.NullMarked;
