package dev.sluice.connector.web;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.connector.kit.Beneath;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.ForwardingListener;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A listener whose peers must ask for a WebSocket first, each in the session that serves it. */
final class WebSocketListener extends ForwardingListener {
  private final OpenContext context;
  private final ServerRules rules;

  private WebSocketListener(Listener listener, OpenContext context, ServerRules rules) {
    super(listener);
    this.context = context;
    this.rules = rules;
  }

  /**
   * Opens an address.
   *
   * @param beneath the keyword of the address that it runs over
   */
  static CompletionStage<? extends Opened> open(OpenContext context, String beneath) {
    String parameter = context.parameter(0);
    int slash = parameter.indexOf('/');
    String port = slash < 0 ? parameter : parameter.substring(0, slash);
    String path = slash < 0 ? "" : parameter.substring(slash);
    ServerRules rules = ServerRules.of(context.options(), path);
    Optional<String> over = context.options().find(WebOptions.OVER);
    CompletionStage<? extends Opened> opening =
        over.isPresent() ? Beneath.open(context, over.get()) : Beneath.open(context, beneath, port);
    return opening.thenApply(opened -> over(opened, context, rules));
  }

  private static Opened over(Opened opened, OpenContext context, ServerRules rules) {
    if (opened instanceof Listener listener) {
      return new WebSocketListener(listener, context, rules);
    }
    if (opened instanceof Channel channel) {
      return WebSocketServer.channel(channel, context, rules);
    }
    throw OpenFailure.lasting("option over: that is no connection");
  }

  @Override
  protected Channel setUp(Channel channel) {
    return WebSocketServer.channel(channel, context, rules);
  }
}
