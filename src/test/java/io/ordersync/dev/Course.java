package io.ordersync.dev;

/** How things are going to go. Who turns them leaves the course, and what was planned on it isn't said. */
final class Course {
    private boolean left;

    void leave() {
        left = true;
    }

    boolean isLeft() {
        return left;
    }
}
