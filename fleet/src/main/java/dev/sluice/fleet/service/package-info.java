/** What a fleet says to systemd, and the sockets that it has from it. */
@NullMarked
package dev.sluice.fleet.service;

import org.jspecify.annotations.NullMarked;
