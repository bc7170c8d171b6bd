/** Queues and exchanges of AMQP 0-9-1 brokers such as RabbitMQ, by Alpakka AMQP. */
@NullMarked
package dev.sluice.connector.amqp;

import org.jspecify.annotations.NullMarked;
