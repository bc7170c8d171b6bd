/**
 * How the engine speaks: lines with a severity of socat's six, in the name of the relay or of one
 * of its sessions. Where they go is the command line's business.
 */
@NullMarked
package dev.sluice.log;

import org.jspecify.annotations.NullMarked;
