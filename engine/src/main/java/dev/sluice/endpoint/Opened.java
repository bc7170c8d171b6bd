package dev.sluice.endpoint;

/** What opening an address gives: one endpoint, or a listener that gives many. */
public sealed interface Opened permits Endpoint, Listener {}
