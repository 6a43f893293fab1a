package dev.understudy.control.store;

/** Waits for what comes soon in any case, keeping an interrupt for later. */
final class Uninterruptibly {
    private Uninterruptibly() {}

    interface Waiting<T> {
        T once() throws InterruptedException;
    }

    static <T> T get(Waiting<T> waiting) {
        boolean wasInterrupted = false;
        try {
            while (true) {
                try {
                    return waiting.once();
                } catch (InterruptedException e) {
                    wasInterrupted = true;
                }
            }
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
