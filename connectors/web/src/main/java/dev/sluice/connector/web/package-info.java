/**
 * WebSocket and HTTP by Akka HTTP's layers, over whatever the engine can open.
 *
 * <p>See RFC 6455 and RFC 9110.
 */
@NullMarked
package dev.sluice.connector.web;

import org.jspecify.annotations.NullMarked;
