package dev.sluice.connector.web;

import akka.util.ByteString;

/**
 * What has come of messages in one block of a connection.
 *
 * @param bytes of all their frames, one after the other
 * @param ends how many of these bytes lie before the end of each message that ends here
 */
record Received(ByteString bytes, int[] ends) {
  boolean isEmpty() {
    return bytes.isEmpty() && ends.length == 0;
  }
}
