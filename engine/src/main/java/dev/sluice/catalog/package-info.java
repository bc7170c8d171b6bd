/**
 * Address types as plug-ins: {@link dev.sluice.catalog.AddressType} and its descriptor, found by
 * {@link dev.sluice.catalog.Catalog} through the service loader.
 *
 * <p>Parser, help, reference, completion and contract tests all read the descriptors. Nothing here
 * knows any one address.
 */
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
