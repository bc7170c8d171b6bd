/** Topics of MQTT brokers, versions 5 and 3.1.1, by HiveMQ's client. */
@NullMarked
package dev.sluice.connector.mqtt;

import org.jspecify.annotations.NullMarked;
