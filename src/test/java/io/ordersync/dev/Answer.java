package io.ordersync.dev;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What a client of the cluster is told. */
public final class Answer {

    private Answer() {}

    /**
     * Waits for it.
     *
     * @throws IllegalStateException when it is a failure, which is the cause
     */
    public static <T extends @Nullable Object> T of(Future<T> question) {
        try {
            return question.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
