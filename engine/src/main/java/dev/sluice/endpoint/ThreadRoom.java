package dev.sluice.endpoint;

import dev.sluice.os.BoundedThreads;

/** Lets peers in only while the threads that their sessions need are not overrun. Thread-safe. */
public final class ThreadRoom implements Listener.Admission {
  private final Listener.Admission room;
  private final BoundedThreads threads;
  private final Runnable resume;

  /**
   * Makes an admission.
   *
   * @param room asked as well
   * @param resume has the listener look again, from any thread
   */
  public ThreadRoom(Listener.Admission room, BoundedThreads threads, Runnable resume) {
    this.room = room;
    this.threads = threads;
    this.resume = resume;
  }

  @Override
  public boolean tryEnter() {
    if (threads.isFull()) {
      threads.whenRoom(resume);
      return false;
    }
    return room.tryEnter();
  }

  @Override
  public void accepted(int descriptor) {
    room.accepted(descriptor);
  }

  @Override
  public void leave() {
    room.leave();
  }
}
