package dev.sluice.fleet.model;

import java.time.Duration;

/**
 * Where a fleet keeps what its file does not say.
 *
 * @param file the path
 * @param every time between two looks whether something has changed
 */
public record SnapshotSettings(String file, Duration every) {}
