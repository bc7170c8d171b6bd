package dev.sluice.endpoint;

/**
 * What opening an address gives: one channel, a listener that gives many, or a program that takes
 * the other address over.
 */
public sealed interface Opened permits Channel, Handover, Listener {}
