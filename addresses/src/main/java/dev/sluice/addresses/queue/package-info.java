/** What addresses of POSIX message queues share. */
@NullMarked
package dev.sluice.addresses.queue;

import org.jspecify.annotations.NullMarked;
