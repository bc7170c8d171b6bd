/** Topics of Apache Kafka, by Alpakka Kafka. */
@NullMarked
package dev.sluice.connector.kafka;

import org.jspecify.annotations.NullMarked;
