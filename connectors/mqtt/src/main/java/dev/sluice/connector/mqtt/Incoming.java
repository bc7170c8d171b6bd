package dev.sluice.connector.mqtt;

import dev.sluice.connector.mqtt.MqttLink.Received;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * The messages of a connection from its first moment on, for one subscriber that comes later; to be
 * given to the client before it connects. The client acknowledges what nobody waits for, and a
 * broker sends what it kept for a session at once: such messages would be lost. They would be lost
 * too if the subscriber's cancellation went on to the client, which then acknowledges what it still
 * holds.
 */
final class Incoming implements Subscriber<Received>, Publisher<Received>, Subscription {
  private @Nullable Subscription client;
  private @Nullable Subscriber<? super Received> subscriber;
  private @Nullable Throwable failure;
  private boolean isOver;

  @Override
  public synchronized void onSubscribe(Subscription subscription) {
    client = subscription;
  }

  @Override
  public synchronized void subscribe(Subscriber<? super Received> later) {
    subscriber = later;
    later.onSubscribe(this);
    if (isOver) {
      end();
    }
  }

  @Override
  public void request(long count) {
    Subscription from;
    synchronized (this) {
      from = isOver || subscriber == null ? null : client;
    }
    if (from != null) {
      from.request(count);
    }
  }

  @Override
  public synchronized void cancel() {
    subscriber = null;
  }

  @Override
  public synchronized void onNext(Received message) {
    if (subscriber != null && !isOver) {
      subscriber.onNext(message);
    }
  }

  @Override
  public synchronized void onError(Throwable cause) {
    if (!isOver) {
      isOver = true;
      failure = cause;
      end();
    }
  }

  @Override
  public synchronized void onComplete() {
    if (!isOver) {
      isOver = true;
      end();
    }
  }

  private void end() {
    Subscriber<? super Received> last = subscriber;
    if (last == null) {
      return;
    }
    if (failure == null) {
      last.onComplete();
    } else {
      last.onError(failure);
    }
  }
}
