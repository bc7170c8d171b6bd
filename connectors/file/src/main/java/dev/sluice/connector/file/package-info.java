/** Files that grow, and files that are changed for new ones. */
@NullMarked
package dev.sluice.connector.file;

import org.jspecify.annotations.NullMarked;
